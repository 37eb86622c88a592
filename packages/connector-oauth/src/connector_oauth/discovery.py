"""Discovery: a provider's endpoints, from its issuer (RFC 8414, OpenID Connect Discovery 1.0)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from connector_oauth.exchange import HttpRequest, send
from connector_oauth.reply import read_object
from connector_oauth.urls import endpoint_fault, issuer_fault
from connector_sdk import ConnectorError
from connector_sdk.models import ErrorCode

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "revocation_endpoint")


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

    It is looked for where RFC 8414 has it, then where OpenID Connect does. Nothing is kept between
    calls.

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
    try:
        return await _read(first, issuer)
    except ConnectorError:
        return await _read(second, issuer)


def _locations(issuer: str) -> tuple[str, str]:
    parts = urlsplit(issuer)
    path = parts.path.rstrip("/")
    host = f"{parts.scheme}://{parts.netloc}"
    return (
        f"{host}/.well-known/oauth-authorization-server{path}",
        f"{host}{path}/.well-known/openid-configuration",
    )


async def _read(url: str, issuer: str) -> ServerMetadata:
    reply = await send(HttpRequest(method="GET", url=url))
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
