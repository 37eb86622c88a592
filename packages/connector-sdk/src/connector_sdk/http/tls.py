"""TLS: whom a connector trusts, how it proves who it is, and one context for all who agree on that.

Reading the certificates of the authorities takes tens of milliseconds, so a context is made once
per process and settings, and only when something is sent by TLS.
"""

import os
import ssl
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import httpx

from connector_sdk.errors import ConnectorError
from connector_sdk.extras import MissingExtraError
from connector_sdk.models.errors import ErrorCode

BAD_CONTENT = "it is not a PEM file of this kind, or the password is wrong"
"""What is said of a file that can be read, but not used."""

MOST_CONTEXTS = 64
"""Contexts that a process keeps; the one that was used longest ago goes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """Settings of TLS.

    Parameters:
        verify: whom to trust: True for the authorities of `trust_store`; the path of a file or
            folder with the only authorities that count; False for everybody, which is for tests;
            or a context of one's own, which is used as it is, without the settings below.
        trust_store: `bundled` for the authorities that come with the package certifi, `system` for
            those of the operating system (extra `truststore`).
        ca_file: PEM file of authorities to trust besides, such as a company's own.
        certificate: PEM file of the client's certificate, with its chain.
        key: PEM file of its private key; None if it is in the same file.
        key_password: password of that key.
    """

    verify: bool | str | ssl.SSLContext = True
    trust_store: Literal["bundled", "system"] = "bundled"
    ca_file: str | None = None
    certificate: str | None = None
    key: str | None = None
    key_password: str | None = field(default=None, repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Tls":
        """Return the settings that the environment gives.

        `CONNECTOR_CA_FILE`, `CONNECTOR_TRUST_STORE` (`bundled` or `system`),
        `CONNECTOR_CLIENT_CERT`, `CONNECTOR_CLIENT_KEY`, `CONNECTOR_CLIENT_KEY_PASSWORD`; and
        `SSL_CERT_FILE` or `SSL_CERT_DIR`, which take the place of the bundled authorities.

        Raises:
            ConnectorError: `client_call_error`, for another trust store.
        """
        trust_store = environment.get("CONNECTOR_TRUST_STORE") or "bundled"
        if trust_store not in ("bundled", "system"):
            raise ConnectorError(
                message="CONNECTOR_TRUST_STORE must be bundled or system",
                error_code=ErrorCode.CLIENT_CALL_ERROR,
            )

        return cls(
            verify=environment.get("SSL_CERT_FILE") or environment.get("SSL_CERT_DIR") or True,
            trust_store="system" if trust_store == "system" else "bundled",
            ca_file=environment.get("CONNECTOR_CA_FILE") or None,
            certificate=environment.get("CONNECTOR_CLIENT_CERT") or None,
            key=environment.get("CONNECTOR_CLIENT_KEY") or None,
            key_password=environment.get("CONNECTOR_CLIENT_KEY_PASSWORD") or None,
        )


Stamp = tuple[int, int]
"""When a file was changed, in nanoseconds, and its size: another stamp, another content."""

TlsKey = tuple[Tls, tuple[Stamp | None, ...]]
"""Settings and the state of the files that they name: a renewed certificate makes a new context."""

_contexts: OrderedDict[TlsKey, ssl.SSLContext] = OrderedDict()
_lock = threading.Lock()


def key_of(tls: Tls) -> TlsKey:
    """Return what tells whether two clients may share a context, and with it connections."""
    files = (tls.verify, tls.ca_file, tls.certificate, tls.key)
    return tls, tuple(_stamp(path) for path in files if isinstance(path, str))


def context_for(key: TlsKey) -> ssl.SSLContext:
    """Return the context of settings, made now if this process has none.

    Raises:
        ConnectorError: `client_call_error`, for a file that is missing or not what it should be.
        MissingExtraError: the system's trust store is wanted, and truststore is not installed.
    """
    with _lock:
        context = _contexts.get(key)
        if context is None:
            context = _contexts[key] = _make(key[0])
            if len(_contexts) > MOST_CONTEXTS:
                _contexts.popitem(last=False)

        _contexts.move_to_end(key)
        return context


def _make(tls: Tls) -> ssl.SSLContext:
    if isinstance(tls.verify, ssl.SSLContext):
        return tls.verify

    context = _trusting(tls)
    if tls.ca_file is not None:
        _load(context.load_verify_locations, tls.ca_file, what="CA file")

    if tls.certificate is not None:
        # Without a password OpenSSL would ask for one at the terminal, and wait.
        password = tls.key_password or ""
        _load(
            context.load_cert_chain, tls.certificate, tls.key, password, what="client certificate"
        )

    return context


def _trusting(tls: Tls) -> ssl.SSLContext:
    if tls.verify is False:
        return httpx.create_ssl_context(verify=False)

    if isinstance(tls.verify, str) and tls.trust_store == "bundled":
        return _trusting_only(tls.verify)

    if tls.trust_store == "bundled":
        return httpx.create_ssl_context(trust_env=False)

    try:
        import truststore
    except ModuleNotFoundError as error:
        raise MissingExtraError("truststore", error) from None

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _trusting_only(path: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if os.path.isdir(path):
        _load(context.load_verify_locations, None, path, what="CA folder")
    else:
        _load(context.load_verify_locations, path, what="CA file")

    return context


def _load(load: Callable[..., object], *arguments: str | None, what: str) -> None:
    path = next(argument for argument in arguments if argument is not None)
    try:
        load(*arguments)
    except OSError as error:
        # OpenSSL's own words for what is in a file are for nobody.
        is_about_content = isinstance(error, ssl.SSLError)
        reason = BAD_CONTENT if is_about_content else error.strerror
        raise ConnectorError(
            message=f"the {what} {path} cannot be used: {reason}",
            error_code=ErrorCode.CLIENT_CALL_ERROR,
        ) from None


def _stamp(path: str) -> Stamp | None:
    try:
        status = os.stat(path)
    except OSError:
        return None

    return status.st_mtime_ns, status.st_size
