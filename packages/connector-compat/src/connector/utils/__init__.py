"""Small functions for connectors."""
