"""A connector for an imaginary company: every standard capability, no network."""

__version__ = "0.1.0"
"""The connector's own version; the packages of the SDK have another."""
