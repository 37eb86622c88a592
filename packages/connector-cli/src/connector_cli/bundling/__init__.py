"""Bundles: compiled connectors in an archive, as an on-premises agent takes them."""
