"""A token request: the parameters of a grant, put where the provider wants them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from connector_oauth.client import Client, Proof, prove
from connector_oauth.exchange import HttpRequest
from connector_oauth.settings import OAuthRequest, RequestDataType
from connector_oauth.urls import add_to_query


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenEndpoint:
    """Where a provider's tokens come from, and how it wants to be asked."""

    url: str

    request: OAuthRequest = field(default_factory=OAuthRequest)
    """The form in which it wants to be asked."""

    audience: str = ""
    """For whom signed assertions are meant: the provider's issuer; this URL if it is not known.

    The issuer is better, because no other provider can claim it for itself, as it could a URL that
    it hands out (draft-ietf-oauth-rfc7523bis).
    """


def make_token_request(
    endpoint: TokenEndpoint, parameters: Mapping[str, str], client: Client | None = None
) -> HttpRequest:
    """Return the request to a token endpoint; the query that its URL has stays.

    Parameters:
        endpoint: the token endpoint.
        parameters: those of the grant, such as `grant_type` and `code`.
        client: who asks; None if the parameters prove it.

    Raises:
        ConnectorError: `bad_request`, when the client's private key does not fit.
        MissingExtraError: a key is to be used, and joserfc is not installed.
    """
    proof = Proof() if client is None else prove(client, audience=endpoint.audience or endpoint.url)
    return _REQUEST_BY_DATA[endpoint.request.data](
        endpoint, {**parameters, **proof.parameters}, proof
    )


def _as_form(endpoint: TokenEndpoint, parameters: Mapping[str, str], proof: Proof) -> HttpRequest:
    return HttpRequest(
        method=endpoint.request.method.value,
        url=endpoint.url,
        headers={**proof.headers, "Content-Type": "application/x-www-form-urlencoded"},
        body=urlencode(parameters).encode("ascii"),
    )


def _as_json(endpoint: TokenEndpoint, parameters: Mapping[str, str], proof: Proof) -> HttpRequest:
    return HttpRequest(
        method=endpoint.request.method.value,
        url=endpoint.url,
        headers={**proof.headers, "Content-Type": "application/json"},
        body=json.dumps(parameters).encode("ascii"),
    )


def _as_query(endpoint: TokenEndpoint, parameters: Mapping[str, str], proof: Proof) -> HttpRequest:
    return HttpRequest(
        method=endpoint.request.method.value,
        url=add_to_query(endpoint.url, parameters),
        headers=proof.headers,
    )


_REQUEST_BY_DATA: Mapping[
    RequestDataType, Callable[[TokenEndpoint, Mapping[str, str], Proof], HttpRequest]
] = {
    RequestDataType.FORMDATA: _as_form,
    RequestDataType.JSON: _as_json,
    RequestDataType.QUERY: _as_query,
}
