"""Revocation: giving a token back (RFC 7009), and the custom capability that does it."""

from pydantic import Field, StrictBool, StrictStr

from connector_oauth.client import Client
from connector_oauth.exchange import send
from connector_oauth.reply import check
from connector_oauth.token_request import TokenEndpoint, make_token_request
from connector_sdk import SecretField
from connector_sdk.models import ErrorCode, RequestEnvelope, ResponseEnvelope, WireModel


class RevokeToken(WireModel):
    """Payload of `revoke_token`: the token to give back (RFC 7009, section 2.1)."""

    client_id: StrictStr = Field(
        description="Identifier of the client, as registered with the authorization server.",
    )
    client_secret: StrictStr = SecretField(
        description="Secret of the client, as issued by the authorization server.",
    )
    token: StrictStr = SecretField(
        description="The access or refresh token that is to be void.",
    )
    token_type_hint: StrictStr | None = Field(
        default=None,
        description="What the token is, `access_token` or `refresh_token`, if that is known.",
    )


class RevokedToken(WireModel):
    """What became of the token."""

    revoked: StrictBool = Field(
        description="Always true: the token is void, be it that it was so before.",
    )


class RevokeTokenRequest(RequestEnvelope):
    """Request to `revoke_token`."""

    request: RevokeToken = Field(description="The token to give back.")


class RevokeTokenResponse(ResponseEnvelope):
    """Response of `revoke_token`."""

    response: RevokedToken = Field(description="What became of the token.")


async def revoke(
    endpoint: TokenEndpoint, client: Client, *, token: str, token_type_hint: str | None = None
) -> None:
    """Make a token void (RFC 7009).

    Most providers void the access tokens of a refresh token with it, so give that one back. That
    the provider does not know the token is no error (section 2.2).

    Parameters:
        endpoint: the provider's revocation endpoint; the request is a form (section 2.1).
        client: the client for which the token was issued.
        token: the access or refresh token.
        token_type_hint: `access_token` or `refresh_token`, if it is known.

    Raises:
        ConnectorError: what the provider answers; or `invalid_response`, `request_timeout`.
        httpx.TransportError: there is no connection, or it broke off.
    """
    parameters = {"token": token}
    if token_type_hint is not None:
        parameters["token_type_hint"] = token_type_hint

    reply = await send(make_token_request(endpoint, parameters, client))
    check(reply, invalid_grant=ErrorCode.UNAUTHORIZED)
