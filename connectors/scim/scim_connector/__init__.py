"""A connector for services that speak SCIM 2.0 (RFC 7643, RFC 7644)."""

__version__ = "0.1.0"
"""The connector's own version; the packages of the SDK have another."""
