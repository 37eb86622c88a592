"""The way of each request to the app: its turn, a place at the host, and again if that is safe.

    rate limit → gate of the host → transport → body read → headers learnt → repeated or returned

It is a transport of httpx, the only seam: below it is the network, or what a test puts there.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import httpx

from connector_sdk.http.concurrency import HostGate
from connector_sdk.http.failures import described
from connector_sdk.http.limits import Deadline, current_deadline
from connector_sdk.http.observation import (
    Exchange,
    Observer,
    excerpt,
    is_observed,
    observe,
    path_template,
)
from connector_sdk.http.pool import shared_connections
from connector_sdk.http.rate_headers import plain_headers, rate_state, retry_after
from connector_sdk.http.rate_limits import (
    RateLimit,
    RateLimitedError,
    TenantLimit,
    limit_of,
    wait_for_turn,
)
from connector_sdk.http.redirects import keep_headers_at_home
from connector_sdk.http.responses import Response
from connector_sdk.http.retries import PASSING_STATUSES, Outcome, Retries, may_repeat, repeat
from connector_sdk.http.streaming import StreamedBody

TOO_MANY_REQUESTS = 429
"""The status of a request that the app's rate limit refused (RFC 6585)."""

DEFAULT_PORTS = {"http": 80, "https": 443}
"""Port of a URL that names none."""

STREAMED = "connector_sdk.streamed"
"""Extension of a request whose response's body is left for its author to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How a client's requests are sent.

    Parameters:
        retries: how often and how soon a request is sent again.
        rate_limit: the limit that the integration declares for each tenant, if any.
        concurrency: how many requests may be with one host at a time, of all tenants together.
        observers: called after each request.
        observe_bodies: whether records show the beginnings of bodies.
    """

    retries: Retries
    rate_limit: RateLimit | None
    concurrency: int
    observers: Sequence[Observer]
    observe_bodies: bool


class Delivery(httpx.AsyncBaseTransport):
    """Delivers the requests of one client.

    Parameters:
        transport: what a request is sent with.
        policy: how.
        tenant: whose requests they are; limits are shared and turns are taken by it.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport, *, policy: Policy, tenant: str) -> None:
        self._transport = transport
        self._policy = policy
        self._tenant = tenant

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, as often as its policy allows, and return the response.

        Raises:
            RateLimitedError: the rate limit leaves no request within the budget.
            BudgetExceededError: the budget was used up.
            httpx.TransportError: there is no response; the message says why.
        """
        keep_headers_at_home(request)
        deadline = current_deadline()
        # A body that is made while it is sent can be sent once.
        can_be_resent = isinstance(request.stream, httpx.ByteStream)
        outcome = await self._send(request, 1, deadline=deadline)
        if outcome.is_repeatable and can_be_resent:
            outcome = await repeat(
                outcome,
                partial(self._send, request, deadline=deadline),
                retries=self._policy.retries,
                deadline=deadline,
            )

        if outcome.error is not None:
            raise described(outcome.error, request, attempts=outcome.attempt) from outcome.error

        response = outcome.response
        assert response is not None
        wait = outcome.asked_wait
        is_refused = outcome.is_repeatable and response.status_code == TOO_MANY_REQUESTS
        if is_refused and wait is not None and not deadline.allows(wait):
            raise RateLimitedError(wait, status_code=TOO_MANY_REQUESTS)

        return response

    async def aclose(self) -> None:
        """Close the transport; shared connections stay open for others."""
        await self._transport.aclose()

    async def _send(self, request: httpx.Request, attempt: int, *, deadline: Deadline) -> Outcome:
        """Send a request once, when its turn has come."""
        loop = asyncio.get_running_loop()
        host = f"{request.url.host}:{_port(request.url)}"
        limit = limit_of(self._tenant, host, now=loop.time())
        gate = shared_connections().gate(host, self._policy.concurrency)
        try:
            await self._take_turn(request, limit, gate, deadline=deadline)
            response = await self._exchange(request, attempt, gate=gate, deadline=deadline)
        except httpx.TransportError as error:
            is_repeatable = may_repeat(request, error, self._policy.retries)
            return Outcome(attempt=attempt, error=error, is_repeatable=is_repeatable)

        return Outcome(
            attempt=attempt,
            response=response,
            asked_wait=_learn(limit, response, now=loop.time()),
            is_repeatable=may_repeat(request, response.status_code, self._policy.retries),
        )

    async def _take_turn(
        self, request: httpx.Request, limit: TenantLimit, gate: HostGate, *, deadline: Deadline
    ) -> None:
        """Enter the gate when the tenant's limit allows a request."""
        loop = asyncio.get_running_loop()
        declared = self._policy.rate_limit
        while True:
            slot = await wait_for_turn(limit, declared, deadline=deadline)
            try:
                await self._enter(gate, request)
            except BaseException:
                limit.give_back(slot)
                raise

            if declared is None or limit.confirm(slot, declared, now=loop.time()):
                return

            # While it stood at the gate, others were late as well: together they would be too many.
            gate.leave()

    async def _enter(self, gate: HostGate, request: httpx.Request) -> None:
        if gate.enter_at_once():
            return

        timeout = asyncio.timeout(request.extensions.get("timeout", {}).get("pool"))
        try:
            async with timeout:
                await gate.enter(self._tenant)
        except TimeoutError:
            if not timeout.expired():
                raise

            raise httpx.PoolTimeout("", request=request) from None

    async def _exchange(
        self, request: httpx.Request, attempt: int, *, gate: HostGate, deadline: Deadline
    ) -> Response:
        """Send a request from inside the gate, which is left when the response's body is read."""
        started, wall_clock = asyncio.get_running_loop().time(), time.time()
        record = partial(self._record, request, attempt, started=started, wall_clock=wall_clock)
        stays_inside = False
        try:
            answer = await self._transport.handle_async_request(request)
            assert isinstance(answer.stream, httpx.AsyncByteStream)
            if request.extensions.get(STREAMED) and not self._goes_again(request, answer):
                stays_inside = True
                body = None
                stream: httpx.AsyncByteStream = StreamedBody(
                    answer.stream, on_close=gate.leave, keep=deadline.keep
                )
            else:
                body = await _read(answer.stream)
                stream = httpx.ByteStream(body)
        except BaseException as error:
            record(error=error)
            raise
        finally:
            if not stays_inside:
                gate.leave()

        record(response=answer, body=body)
        return Response(
            answer.status_code,
            headers=answer.headers,
            stream=stream,
            extensions=answer.extensions,
        )

    def _goes_again(self, request: httpx.Request, answer: httpx.Response) -> bool:
        """Tell whether a request may be sent again, so that its answer has to be read at once."""
        retries = self._policy.retries
        return retries.attempts > 1 and may_repeat(request, answer.status_code, retries)

    def _record(
        self,
        request: httpx.Request,
        attempt: int,
        *,
        started: float,
        wall_clock: float,
        response: httpx.Response | None = None,
        body: bytes | None = None,
        error: BaseException | None = None,
    ) -> None:
        if not is_observed(self._policy.observers):
            return

        sent = request.content if isinstance(request.stream, httpx.ByteStream) else None
        shows_bodies = self._policy.observe_bodies
        exchange = Exchange(
            method=request.method,
            scheme=request.url.scheme,
            host=request.url.host,
            port=_port(request.url),
            path_template=path_template(request),
            status=None if response is None else response.status_code,
            error=None if error is None else type(error).__name__,
            started=wall_clock,
            duration=asyncio.get_running_loop().time() - started,
            attempt=attempt,
            sent_bytes=None if sent is None else len(sent),
            received_bytes=None if body is None else len(body),
            http_version=None if response is None else response.http_version,
            request_body=excerpt(sent) if shows_bodies and sent else None,
            response_body=excerpt(body) if shows_bodies and body else None,
        )
        observe(exchange, self._policy.observers)


async def _read(stream: httpx.AsyncByteStream) -> bytes:
    try:
        return b"".join([piece async for piece in stream])
    finally:
        await stream.aclose()


def _learn(limit: TenantLimit, response: httpx.Response, *, now: float) -> float | None:
    """Keep what a response says about the rate limit, and return the wait that it asks for."""
    headers = plain_headers(response.headers.raw)
    state = rate_state(headers)
    if state is not None:
        limit.learn(state, now=now)

    if response.status_code not in PASSING_STATUSES:
        return None

    wait = retry_after(headers)
    if response.status_code != TOO_MANY_REQUESTS:
        return wait

    if wait is None and state is not None and not state.remaining:
        wait = state.reset

    if wait:
        limit.block(wait, now=now)

    return wait


def _port(url: httpx.URL) -> int:
    return url.port or DEFAULT_PORTS.get(url.scheme, 0)
