"""A connector for LDAP directories: OpenLDAP and Active Directory."""

__version__ = "0.1.0"
"""The connector's own version; the packages of the SDK have another."""
