"""OauthCredentials, at its path in the predecessor's API."""

from connector_sdk.models import OauthCredentials

__all__ = ["OauthCredentials"]
