"""The client with which a connector calls its app."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from os import urandom
from types import TracebackType
from typing import Any, ClassVar, Self

import httpx
from pydantic_core import to_json

from connector_sdk.errors import ConnectorError
from connector_sdk.http.cookies import ClientCookies
from connector_sdk.http.delivery import STREAMED, Delivery, Policy
from connector_sdk.http.failures import place_of
from connector_sdk.http.limits import DEFAULT_BUDGET, Timeouts, deadline_of_call, send_until
from connector_sdk.http.observation import Observer
from connector_sdk.http.pool import SharedTransport
from connector_sdk.http.proxies import ProxyRoute
from connector_sdk.http.rate_limits import RateLimit
from connector_sdk.http.redirects import ORIGIN, origin_of
from connector_sdk.http.retries import Retries
from connector_sdk.http.tls import Tls
from connector_sdk.models.errors import ErrorCode
from connector_sdk.request import AuthRequest, Request

DEFAULT_CONCURRENCY = 10
"""Requests that may be with one host at a time."""

_DIGEST_KEY = urandom(16)
"""Key of this process, with which tenants are told apart and nothing of them is kept."""


class AsyncClient(httpx.AsyncClient):
    """An `httpx.AsyncClient` for real APIs: with time limits, retries and rate limits.

    Connections are shared with all clients on the event loop that have the same TLS settings and
    proxy; cookies, headers and credentials are not shared with anybody. It takes what
    `httpx.AsyncClient` takes, and in addition:

    Parameters:
        budget: seconds that a capability call may take altogether; None for no limit. Outside a
            call each request has it to itself.
        retries: which requests are sent again, how often and how soon.
        rate_limit: the app's limit for each tenant, if it does not say so in its headers.
        concurrency: requests that may be with one host at a time; `limits.max_connections`, if
            httpx's own `limits` are given.
        tenant: whose requests they are; clients with the same tenant share rate limits. None for
            a client on its own.
        tls: settings of TLS; None for those of the environment.
        observers: called with an `Exchange` after each request.
        observe_bodies: whether an `Exchange` shows the beginnings of bodies.
    """

    def __init__(
        self,
        *,
        budget: float | None = DEFAULT_BUDGET,
        retries: Retries = Retries(),  # noqa: B008 # frozen
        rate_limit: RateLimit | None = None,
        concurrency: int = DEFAULT_CONCURRENCY,
        tenant: str | None = None,
        tls: Tls | None = None,
        observers: Sequence[Observer] = (),
        observe_bodies: bool = False,
        timeout: Any = Timeouts(),  # noqa: B008 # frozen
        verify: Any = None,
        cert: str | tuple[str, ...] | None = None,
        proxy: Any = None,
        limits: httpx.Limits | None = None,
        mounts: Mapping[str, httpx.AsyncBaseTransport | None] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        http1: bool = True,
        http2: bool = False,
        trust_env: bool = True,
        **options: Any,
    ) -> None:
        policy = Policy(
            retries=retries,
            rate_limit=rate_limit,
            concurrency=(limits and limits.max_connections) or concurrency,
            observers=tuple(observers),
            observe_bodies=observe_bodies,
        )
        tenant = urandom(8).hex() if tenant is None else tenant
        network = transport or SharedTransport(
            tls=_tls(tls, verify=verify, cert=cert, trust_env=trust_env),
            proxy=_proxy_route(proxy),
            trust_env=trust_env,
            http1=http1,
            http2=http2,
        )
        super().__init__(
            timeout=timeout.as_httpx() if isinstance(timeout, Timeouts) else timeout,
            http1=http1,
            http2=http2,
            trust_env=trust_env,
            transport=Delivery(network, policy=policy, tenant=tenant),
            mounts={
                pattern: each and Delivery(each, policy=policy, tenant=tenant)
                for pattern, each in (mounts or {}).items()
            },
            **options,
        )
        self._budget = budget
        self._own_cookies = ClientCookies(options.get("cookies"))

    @property
    def cookies(self) -> httpx.Cookies:
        """The cookies that this client sends, its own and those that the app has set."""
        return self._own_cookies

    @cookies.setter
    def cookies(self, cookies: Any) -> None:
        self._own_cookies = ClientCookies(cookies)

    async def __aenter__(self) -> Self:
        """Open the client; from then on its budget limits the running call."""
        deadline_of_call(self._budget)
        return await super().__aenter__()

    async def send(
        self, request: httpx.Request, *, stream: bool = False, **options: Any
    ) -> httpx.Response:
        """Send a request; see `httpx.AsyncClient.send`.

        Raises:
            BudgetExceededError: the budget was used up; `request_timeout`.
            RateLimitedError: the app's rate limit leaves no request within the budget.
            ConnectorError: `invalid_response`, when the body's compression cannot be read.
            httpx.TransportError: there is no response.
        """
        request.extensions = {
            **request.extensions,
            ORIGIN: origin_of(request.url),
            STREAMED: stream,
        }
        work = super().send(request, stream=stream, **options)
        try:
            return await send_until(deadline_of_call(self._budget), work)
        except httpx.DecodingError as error:
            raise ConnectorError(
                message=f"{place_of(request)}: the body's compression cannot be read: {error}",
                error_code=ErrorCode.INVALID_RESPONSE,
            ) from error


class BaseIntegrationClient:
    """The base of a connector's own client, used for one call: subclass it and say how to connect.

    ```python
    class AcmeClient(BaseIntegrationClient):
        @classmethod
        def prepare_client_args(cls, args: Request) -> dict[str, Any]:
            return {
                "base_url": get_settings(args, AcmeSettings).url,
                "auth": BearerAuth(get_token_auth(args).token),
            }


    async with AcmeClient(args) as client:
        response = await client.http.get("/users")
        response.raise_for_status()
    ```

    Parameters:
        args: the request of the capability.
    """

    timeouts: ClassVar[Timeouts] = Timeouts()
    """Time limits of the steps of one request."""

    budget: ClassVar[float | None] = DEFAULT_BUDGET
    """Seconds that one capability call may take altogether; None for no limit."""

    retries: ClassVar[Retries] = Retries()
    """Which requests are sent again, how often and how soon."""

    rate_limit: ClassVar[RateLimit | None] = None
    """The app's limit for each tenant, if it does not say so in its headers."""

    concurrency: ClassVar[int] = DEFAULT_CONCURRENCY
    """Requests that may be with one host at a time."""

    observers: ClassVar[Sequence[Observer]] = ()
    """Called with an `Exchange` after each request."""

    def __init__(self, args: Any) -> None:
        self._http_client = self.build_client(args)

    @property
    def http(self) -> AsyncClient:
        """The client for requests to the app."""
        return self._http_client

    @classmethod
    def prepare_client_args(cls, args: Request) -> dict[str, Any]:  # noqa: ARG003 # a hook
        """Return the arguments for `AsyncClient`: base URL, auth, headers; override it.

        What is given here comes before the class's attributes.

        Parameters:
            args: the request of the capability.
        """
        return {}

    @classmethod
    def build_client(cls, args: Any) -> AsyncClient:
        """Return a client for one call.

        Parameters:
            args: the request of the capability.
        """
        defaults: dict[str, Any] = {
            "timeout": cls.timeouts,
            "budget": cls.budget,
            "retries": cls.retries,
            "rate_limit": cls.rate_limit,
            "concurrency": cls.concurrency,
            "observers": cls.observers,
            "tenant": cls.tenant_of(args),
        }
        return AsyncClient(**(defaults | cls.prepare_client_args(args)))

    @classmethod
    def tenant_of(cls, args: Request | AuthRequest) -> str:
        """Return what tells tenants apart, for rate limits; override it if the app's limits say so.

        By default, tenants are those whose credentials and settings are equal. They are not kept,
        only a digest that this process alone can make.
        """
        connection = [getattr(args, name, None) for name in ("auth", "credentials", "settings")]
        digest = blake2b(to_json(connection), digest_size=16, key=_DIGEST_KEY).hexdigest()
        return f"{cls.__module__}.{cls.__qualname__}:{digest}"

    async def __aenter__(self) -> Self:
        """Open the client."""
        await self.http.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the client; what it had open is closed, and shared connections stay."""
        await self.http.__aexit__(exc_type, exc_value, traceback)


def _tls(
    tls: Tls | None, *, verify: Any, cert: str | tuple[str, ...] | None, trust_env: bool
) -> Tls | None:
    """Return the settings that httpx's own arguments mean, if they say anything."""
    if tls is not None or (verify in (None, True) and cert is None):
        return tls

    settings = Tls.from_environment() if trust_env else Tls()
    if verify not in (None, True):
        settings = replace(settings, verify=verify)

    if cert is None:
        return settings

    certificate, key, password = (*((cert,) if isinstance(cert, str) else cert), None, None)[:3]
    return replace(settings, certificate=certificate, key=key, key_password=password)


def _proxy_route(proxy: Any) -> ProxyRoute | None:
    """Return the proxy that httpx's own argument means: a URL or an `httpx.Proxy`."""
    if proxy is None:
        return None

    if not isinstance(proxy, httpx.Proxy):
        return ProxyRoute(str(proxy))

    url = proxy.url
    if proxy.auth is not None:
        url = url.copy_with(username=proxy.auth[0], password=proxy.auth[1])

    return ProxyRoute(str(url), tuple(proxy.headers.items()))
