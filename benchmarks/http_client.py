"""What a connector's HTTP client costs: calls that make one HTTPS request each.

Three ways, one call after another, to the same server in a process of its own:

    bare        httpx alone, with one client for all requests
    dispatch    calls of a connector in this process, each with a client of its own
    worker      the same calls, through the pipes of a connector's worker process

The ways take turns, ten calls each, so that whatever else the machine does meets all of them
alike. Printed is the median of each way's times, and of its ratios to bare httpx.

    python benchmarks/http_client.py [CALLS]
"""

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

import httpx
from app import USER, certificates, serving
from pydantic import BaseModel

from connector_cli import run
from connector_sdk import DescriptionData, Integration, Request, get_settings, get_token_auth
from connector_sdk.http import (
    BaseIntegrationClient,
    BearerAuth,
    Tls,
    create_client_response,
)
from connector_sdk.models import (
    AppCategory,
    FoundAccountData,
    ListAccountsRequest,
    ListAccountsResponse,
    StandardCapabilityName,
    TokenCredential,
)

CALLS = 200
"""Calls of each way, when the command line does not say."""

TURN = 10
"""Calls of each way in a turn."""

TARGET = 1.3
"""What a connector's call may cost, as a multiple of bare httpx."""


class Settings(BaseModel):
    """Where the server is, and whom it is certified by."""

    url: str
    ca_file: str


class User(BaseModel):
    """A user of the app."""

    id: str


class Users(BaseModel):
    """What the app answers."""

    users: list[User]


class BenchClient(BaseIntegrationClient):
    """A client as a connector's author writes it."""

    @classmethod
    def prepare_client_args(cls, args: Request) -> dict[str, Any]:
        """Connect to the tenant's app with its token."""
        settings = get_settings(args, Settings)
        return {
            "base_url": settings.url,
            "auth": BearerAuth(get_token_auth(args).token),
            "tls": Tls(ca_file=settings.ca_file),
        }


integration = Integration(
    app_id="bench",
    version="1.0.0",
    auth=TokenCredential,
    settings_model=Settings,
    exception_handlers=[],
    description_data=DescriptionData(user_friendly_name="Bench", categories=[AppCategory.INTERNAL]),
)


@integration.register_capability(StandardCapabilityName.LIST_ACCOUNTS)
async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    """List the users."""
    async with BenchClient(args) as client:
        found = create_client_response(await client.http.get("/users"), Users)

    return ListAccountsResponse(
        response=[FoundAccountData(integration_specific_id=user.id) for user in found.users]
    )


@contextmanager
def process(*words: str) -> Iterator[subprocess.Popen[str]]:
    """Run this file in another process, with pipes."""
    command = [sys.executable, __file__, *words]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        try:
            yield child
        finally:
            child.terminate()


def line_from(stream: IO[str] | None) -> str:
    """The next line of a child's output."""
    assert stream is not None
    return stream.readline()


Way = Callable[[], Awaitable[None]]
"""Makes the calls of one turn."""


def bare(client: httpx.AsyncClient) -> Way:
    """Requests of bare httpx."""

    async def way() -> None:
        for _ in range(TURN):
            response = await client.get("/users")
            response.raise_for_status()
            check(str(response.json()))

    return way


def dispatched(request: str) -> Way:
    """Calls in this process."""

    async def way() -> None:
        for _ in range(TURN):
            check(await integration.dispatch("list_accounts", request))

    return way


def worked(worker: subprocess.Popen[str], request: str) -> Way:
    """Calls through a worker."""
    line = f'{{"id":1,"capability":"list_accounts","request":{request}}}\n'

    async def way() -> None:
        assert worker.stdin is not None
        for _ in range(TURN):
            worker.stdin.write(line)
            worker.stdin.flush()
            check(line_from(worker.stdout))

    return way


def check(answer: str) -> None:
    """End the benchmark when a call has failed."""
    if USER not in answer:
        raise SystemExit(f"a call failed: {answer}")


async def seconds_of(way: Way) -> float:
    """How long a turn takes."""
    started = time.perf_counter()
    await way()
    return time.perf_counter() - started


async def measure(settings: Settings, worker: subprocess.Popen[str], calls: int) -> None:
    """Make the calls, and print what they took."""
    import ssl

    request = json.dumps(
        {
            "auth": {"token": {"token": "token-of-the-bench"}},
            "settings": settings.model_dump(),
            "request": {},
        }
    )
    context = ssl.create_default_context(cafile=settings.ca_file)
    headers = {"Authorization": "Bearer token-of-the-bench"}
    async with httpx.AsyncClient(base_url=settings.url, headers=headers, verify=context) as client:
        ways = {
            "bare": bare(client),
            "dispatch": dispatched(request),
            "worker": worked(worker, request),
        }
        times = [
            {name: await seconds_of(way) for name, way in ways.items()}
            for _ in range(1 + calls // TURN)
        ]

    report(times[1:])  # the first turn loads and connects


def report(times: list[dict[str, float]]) -> None:
    """Print the medians."""
    for name in times[0]:
        seconds = statistics.median(each[name] for each in times)
        ratio = statistics.median(each[name] / each["bare"] for each in times)
        target = "" if name == "bare" else f"  (at most {TARGET})"
        print(f"{name:9} {seconds / TURN * 1e6:7.0f} us a call   ratio {ratio:.2f}{target}")


def main(calls: int) -> None:
    """Start a server and a worker, and measure."""
    with certificates() as folder, serving(tls=folder) as url, process("worker") as worker:
        asyncio.run(measure(Settings(url=url, ca_file=f"{folder}/ca.pem"), worker, calls))


if __name__ == "__main__":
    if sys.argv[1:2] == ["worker"]:
        run(integration)
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else CALLS)
