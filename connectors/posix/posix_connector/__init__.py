"""A connector for the accounts, groups and sudo rights of a Unix machine."""

__version__ = "0.1.0"
"""The connector's own version; the packages of the SDK have another."""
