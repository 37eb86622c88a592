"""Discovery: a provider's endpoints, from its issuer (RFC 8414, OpenID Connect Discovery 1.0)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from connector_oauth.exchange import HttpRequest, send
from connector_oauth.reply import Reply, is_object, read_object
from connector_oauth.urls import endpoint_fault, issuer_fault
from connector_sdk import ConnectorError
from connector_sdk.models import ErrorCode

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "revocation_endpoint")

NOT_FOUND = 404
"""The HTTP status that says that nothing is there (RFC 8414, section 3.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerMetadata:
    """What a provider says of itself, as far as it is used here (RFC 8414, section 2)."""

    issuer: str
    authorization_endpoint: str | None = None
    token_endpoint: str | None = None
    revocation_endpoint: str | None = None

    authorization_response_iss_parameter_supported: bool = False
    """Whether every redirect of the provider names its issuer (RFC 9207, section 3)."""


async def discover(issuer: str) -> ServerMetadata:
    """Return a provider's metadata.

    It is looked for where RFC 8414 has it, and where OpenID Connect does if there is nothing. Any
    other fault of the first place is the answer: it does not say what the second one would. Nothing
    is kept between calls.

    Parameters:
        issuer: the issuer identifier, exactly as the provider writes it.

    Raises:
        ConnectorError: `bad_request`, when it is no issuer identifier; `invalid_response`, when
            the metadata names another issuer or an endpoint that secrets may not be sent to; what
            the provider answers, when there is no metadata.
        httpx.TransportError: there is no connection, or it broke off.
    """
    fault = issuer_fault(issuer)
    if fault is not None:
        raise ConnectorError(
            message=f"the issuer cannot be used: {fault}", error_code=ErrorCode.BAD_REQUEST
        )

    first, second = _locations(issuer)
    reply = await _ask(first)
    if _is_nothing(reply):
        reply = await _ask(second)

    return _metadata(reply, issuer)


def _locations(issuer: str) -> tuple[str, str]:
    parts = urlsplit(issuer)
    path = parts.path.rstrip("/")
    host = f"{parts.scheme}://{parts.netloc}"
    return (
        f"{host}/.well-known/oauth-authorization-server{path}",
        f"{host}{path}/.well-known/openid-configuration",
    )


async def _ask(url: str) -> Reply:
    return await send(HttpRequest(method="GET", url=url))


def _is_nothing(reply: Reply) -> bool:
    """Tell whether a reply says that there is no metadata, or is a site's page for anything."""
    return reply.status == NOT_FOUND or (reply.is_success and not is_object(reply))


def _metadata(reply: Reply, issuer: str) -> ServerMetadata:
    data = read_object(reply)
    fault = metadata_fault(data, issuer)
    if fault is not None:
        raise reply.invalid(fault)

    return ServerMetadata(
        issuer=issuer,
        **{name: data.get(name) for name in ENDPOINTS},
        authorization_response_iss_parameter_supported=(
            data.get("authorization_response_iss_parameter_supported") is True
        ),
    )


def metadata_fault(data: Mapping[str, Any], issuer: str) -> str | None:
    """Say what keeps metadata from being trusted, or return None.

    Parameters:
        data: the metadata.
        issuer: the issuer that was asked for it.
    """
    # Exactly: else one provider could speak for another (RFC 8414, section 3.3).
    if data.get("issuer") != issuer:
        return "its issuer is not exactly the one that was asked for"

    for name in ENDPOINTS:
        url = data.get(name)
        if url is None:
            continue

        fault = endpoint_fault(url)
        if fault is None and urlsplit(url).scheme != urlsplit(issuer).scheme:
            fault = "only a provider on this machine may use http"  # and reach what else is on it

        if fault is not None:
            return f"{name}: {fault}"

    return None
