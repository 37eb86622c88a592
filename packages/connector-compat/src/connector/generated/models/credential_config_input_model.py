"""CredentialConfigInputModel, at its path in the predecessor's API."""

from connector._any_of import AnyOf
from connector_sdk.models import (
    BasicCredential,
    JWTCredential,
    OAuthClientCredential,
    OAuthCredential,
    TokenCredential,
)


class CredentialConfigInputModel(AnyOf):
    """One of the kinds of credential."""

    actual_instance: (
        OAuthCredential
        | OAuthClientCredential
        | BasicCredential
        | TokenCredential
        | JWTCredential
        | None
    ) = None
