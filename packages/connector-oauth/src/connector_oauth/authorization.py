"""The authorization URL: the page on which a user grants access (RFC 6749, section 4.1.1)."""

from collections.abc import Iterable

from connector_oauth.pkce import make_code_challenge
from connector_oauth.scopes import join_scopes
from connector_oauth.urls import add_to_query


def build_authorization_url(
    authorization_url: str,
    *,
    client_id: str,
    redirect_uri: str,
    state: str,
    scopes: Iterable[str] = (),
    code_verifier: str | None = None,
) -> str:
    """Return the URL to which a user is sent to grant access.

    Parameters:
        authorization_url: the provider's authorization endpoint; its own query stays.
        client_id: the client that asks.
        redirect_uri: where the provider sends the user back to, with a code.
        state: an unguessable value that comes back with the code.
        scopes: what is asked for, each scope once; the provider's default if there are none.
        code_verifier: the PKCE verifier; only its challenge goes into the URL (RFC 7636).
    """
    parameters = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
    }
    scope = join_scopes(scopes)
    if scope:
        parameters["scope"] = scope

    parameters["state"] = state
    if code_verifier is not None:
        parameters["code_challenge"] = make_code_challenge(code_verifier)
        parameters["code_challenge_method"] = "S256"

    return add_to_query(authorization_url, parameters)
