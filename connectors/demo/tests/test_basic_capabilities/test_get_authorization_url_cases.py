"""What `get_authorization_url` answers."""

import re

from connector_sdk.models import GetAuthorizationUrl, GetAuthorizationUrlRequest
from connector_sdk.testing import Case, Matching
from demo_connector.client import BASE_URL


def case_get_authorization_url_with_pkce() -> Case:
    """The user is sent to the app's page, protected by PKCE, which differs each time."""
    args = GetAuthorizationUrlRequest(
        request=GetAuthorizationUrl(
            client_id="sample-client",
            scopes=["users:read"],
            redirect_uri="https://platform.example/callback",
            state="sample-state",
        )
    )
    page = re.escape(f"{BASE_URL}/oauth/authorize?")
    expected = {
        "response": {
            "authorization_url": Matching(rf"{page}(?=.*scope=users%3Aread)(?=.*=S256).*"),
            "code_verifier": Matching(r"[A-Za-z0-9._~-]{43,128}"),
        },
        "raw_data": None,
        "page": None,
    }
    return args, None, expected
