"""What `handle_authorization_callback` answers."""

from connector_sdk.models import (
    HandleAuthorizationCallback,
    HandleAuthorizationCallbackRequest,
    HandleAuthorizationCallbackResponse,
    OauthCredentials,
    TokenType,
)
from connector_sdk.testing import Case, MockedResponse
from demo_connector.client import BASE_URL


def case_handle_authorization_callback_granted() -> Case:
    """The code in the redirect is exchanged for tokens."""
    args = HandleAuthorizationCallbackRequest(
        request=HandleAuthorizationCallback(
            client_id="sample-client",
            client_secret="sample-client-secret",
            redirect_uri_with_code="https://platform.example/callback?code=1234&state=5678",
            state="5678",
            code_verifier="v" * 43,
        )
    )
    tokens = {"access_token": "fresh-token", "refresh_token": "next-token", "token_type": "Bearer"}
    responses = {"POST": {f"{BASE_URL}/oauth/token": MockedResponse(200, tokens)}}
    expected = HandleAuthorizationCallbackResponse(
        response=OauthCredentials(
            access_token="fresh-token",
            refresh_token="next-token",
            token_type=TokenType.BEARER,
            state="5678",
        )
    )
    return args, responses, expected
