"""OAuth 2.0 for connectors, as a module that registers its own capabilities."""
