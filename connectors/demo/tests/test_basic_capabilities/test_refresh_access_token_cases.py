"""What `refresh_access_token` answers."""

from connector_sdk.models import (
    OauthCredentials,
    RefreshAccessToken,
    RefreshAccessTokenRequest,
    RefreshAccessTokenResponse,
    TokenType,
)
from connector_sdk.testing import Case, MockedResponse
from demo_connector.client import BASE_URL


def case_refresh_access_token_rotated() -> Case:
    """A refresh token is exchanged for a fresh token, and for the next refresh token."""
    args = RefreshAccessTokenRequest(
        request=RefreshAccessToken(
            client_id="sample-client",
            client_secret="sample-client-secret",
            refresh_token="refresh-token",
        )
    )
    tokens = {"access_token": "fresh-token", "refresh_token": "next-token", "token_type": "Bearer"}
    responses = {"POST": {f"{BASE_URL}/oauth/token": MockedResponse(200, tokens)}}
    expected = RefreshAccessTokenResponse(
        response=OauthCredentials(
            access_token="fresh-token", refresh_token="next-token", token_type=TokenType.BEARER
        )
    )
    return args, responses, expected
