"""A service account, against a provider that has the JWT-bearer grant."""

from typing import Any

import pytest

from connector_oauth import OAuthAssertion, OAuthFlowType, OAuthSettings

pytestmark = pytest.mark.slow


@pytest.fixture
def service(canaille: Any, call: Any) -> Any:
    """Ask for a token as the service account, in the name of a user."""

    def ask(user: str, *, audience: str | None = canaille.assertion_audience) -> Any:
        claims = {"sub": user, "aud": audience}
        settings = OAuthSettings(
            issuer=canaille.issuer,
            flow_type=OAuthFlowType.JWT_BEARER,
            assertion=OAuthAssertion(claims=claims),
        )
        pem = canaille.key.as_pem(private=True).decode()
        payload = {"client_id": "service", "client_secret": pem, "scopes": ["openid", "profile"]}
        return call(settings, "handle_client_credentials_request", payload)

    return ask


def test_a_service_account_gets_a_token_for_a_user(service: Any, canaille: Any) -> None:
    """The assertion is accepted, and the token is good for that user."""
    response = service(canaille.users[0])["response"]
    assert ("bearer", None) == (response["token_type"], response["refresh_token"])
    assert canaille.accepts(response["access_token"])


def test_an_assertion_for_nobody_is_refused(service: Any) -> None:
    """The provider's answer is that of a grant that is not accepted."""
    error = service("nobody")["error"]
    assert ("unauthorized", "invalid_grant") == (error["error_code"], error["app_error_code"])


def test_an_assertion_for_another_provider_is_refused(service: Any, canaille: Any) -> None:
    """What is meant for another audience is of no use."""
    error = service(canaille.users[0], audience="https://evil.example/token")["error"]
    assert ("unauthorized", "invalid_grant") == (error["error_code"], error["app_error_code"])
