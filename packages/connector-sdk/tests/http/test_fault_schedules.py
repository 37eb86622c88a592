"""A paged sync with writes, against an app that fails by schedule, on real sockets.

The clock is virtual, so that budgets are checked exactly and no time is spent on waiting.
"""

import asyncio
import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from pydantic import BaseModel
from pytest_cases import parametrize

from connector_sdk import (
    DescriptionData,
    Integration,
    Request,
    get_page,
    get_settings,
    get_token_auth,
)
from connector_sdk.http import (
    BaseIntegrationClient,
    BearerAuth,
    CursorPages,
    Endpoint,
    Timeouts,
    create_client_response,
    read_page,
)
from connector_sdk.models import (
    AccountStatus,
    AppCategory,
    CreateAccountRequest,
    CreateAccountResponse,
    CreatedAccount,
    FoundAccountData,
    ListAccountsRequest,
    ListAccountsResponse,
    StandardCapabilityName,
    TokenCredential,
)
from connector_sdk.testing import (
    Arrival,
    FaultServer,
    RandomFaults,
    logical_request,
    run_in_virtual_time,
)

BUDGET = 6.0
"""Seconds that a call may take."""

TOLERANCE = 1.05
"""How far a call may outlive its budget."""

USERS = [f"u{number}" for number in range(8)]
PAGE_SIZE = 3

NEW_USERS = ["plain-1", "plain-2", "keyed-1", "keyed-2"]
"""Accounts to create; those called keyed are sent with an idempotency key."""

TYPED_ERRORS = {
    "api_error",
    "connection_closed",
    "connection_rejected",
    "connection_timeout",
    "invalid_response",
    "rate_limit",
    "request_timeout",
    "unauthorized",
}
"""What a fault of the app may lead to."""


class Settings(BaseModel):
    """Where the app is."""

    url: str


class User(BaseModel):
    """A user of the app."""

    id: str


class DirectoryClient(BaseIntegrationClient):
    """The client of the app."""

    budget = BUDGET
    timeouts = Timeouts(read=4.0)

    @classmethod
    def prepare_client_args(cls, args: Request) -> dict[str, Any]:
        """Connect to the tenant's app with its token."""
        return {
            "base_url": get_settings(args, Settings).url,
            "auth": BearerAuth(get_token_auth(args).token),
        }


integration = Integration(
    app_id="directory",
    version="1.0.0",
    auth=TokenCredential,
    settings_model=Settings,
    exception_handlers=[],
    description_data=DescriptionData(
        user_friendly_name="Directory", categories=[AppCategory.INTERNAL]
    ),
)


@integration.register_capability(StandardCapabilityName.LIST_ACCOUNTS)
async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    """List the users, a page per call."""
    users = Endpoint(url="/users", items="users", pages=CursorPages(next="next"))
    async with DirectoryClient(args) as client:
        found = await read_page(client.http, {"users": users}, page=get_page(args))

    accounts = [FoundAccountData(integration_specific_id=user["id"]) for user in found.items]
    return ListAccountsResponse(response=accounts, page=found.to_page())


@integration.register_capability(StandardCapabilityName.CREATE_ACCOUNT)
async def create_account(args: CreateAccountRequest) -> CreateAccountResponse:
    """Create a user; one whose name says so with an idempotency key."""
    name = args.request.username
    assert name is not None
    headers = {"Idempotency-Key": name} if name.startswith("keyed") else {}
    async with DirectoryClient(args) as client:
        response = await client.http.post("/users", json={"name": name}, headers=headers)
        create_client_response(response, User)

    created = CreatedAccount(status=AccountStatus.ACTIVE, created=True)
    return CreateAccountResponse(response=created)


@dataclass
class Directory:
    """The app: users in pages, and users that are created, once per idempotency key."""

    created: Counter[str] = field(default_factory=Counter)
    keys: set[str] = field(default_factory=set)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        if request.method == "GET":
            start = int(request.url.params.get("cursor", "0"))
            end = start + PAGE_SIZE
            users = [{"id": user} for user in USERS[start:end]]
            following = str(end) if end < len(USERS) else None
            return httpx.Response(200, json={"users": users, "next": following})

        name = json.loads(request.content)["name"]
        key = request.headers.get("idempotency-key")
        if key is None or key not in self.keys:
            self.created[name] += 1

        self.keys.add(key or "")
        return httpx.Response(201, json={"id": name})


@dataclass
class Run:
    """What one sync did."""

    listed: list[str] = field(default_factory=list)
    list_error: str | None = None
    outcomes: dict[str, str | None] = field(default_factory=dict)
    durations: list[float] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    created: Counter[str] = field(default_factory=Counter)
    tasks_left: int = 0
    descriptors_left: int = 0

    def errors(self) -> Iterator[str]:
        """The error codes of all calls that failed."""
        yield from filter(None, [self.list_error, *self.outcomes.values()])


async def call(run: Run, name: str, request: dict[str, Any]) -> dict[str, Any]:
    """Call a capability as the platform does, and note how long it took."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    reply: dict[str, Any] = json.loads(await integration.dispatch(name, json.dumps(request)))
    run.durations.append(loop.time() - started)
    return reply


async def sync(seed: int) -> Run:
    """List all users, then create some, while faults happen."""
    run, app = Run(), Directory()
    async with FaultServer(app, RandomFaults(seed, rate=0.4, longest=8.0)) as server:
        connection = {
            "auth": {"token": {"token": f"token-of-tenant-{seed}"}},
            "settings": {"url": server.url},
        }
        token = None
        while True:
            page = {"token": token, "size": PAGE_SIZE}
            reply = await call(run, "list_accounts", {**connection, "request": {}, "page": page})
            if reply.get("is_error"):
                run.list_error = reply["error"]["error_code"]
                break

            run.listed.extend(user["integration_specific_id"] for user in reply["response"])
            token = reply["page"]["token"]
            if token is None:
                break

        for name in NEW_USERS:
            payload = {"username": name, "entitlements": []}
            reply = await call(run, "create_account", {**connection, "request": payload})
            run.outcomes[name] = reply["error"]["error_code"] if reply.get("is_error") else None

    run.arrivals, run.created = server.arrivals, app.created
    run.tasks_left = len(asyncio.all_tasks() - {asyncio.current_task()})
    return run


def open_descriptors() -> int:
    """How many file descriptors this process has open."""
    return len(os.listdir("/dev/fd"))


def run_sync(seed: int) -> Run:
    """Run a sync on an event loop of its own."""
    before = open_descriptors()
    run = run_in_virtual_time(sync(seed))
    run.descriptors_left = open_descriptors() - before
    return run


def check(run: Run) -> None:
    """Assert everything that must hold for a run, whatever its faults."""
    assert run.listed == USERS if run.list_error is None else USERS[: len(run.listed)] == run.listed
    assert set(run.errors()) <= TYPED_ERRORS
    for name, error in run.outcomes.items():
        assert run.created[name] in ({1} if error is None else {0, 1})

    attempts = Counter(arrival.logical for arrival in run.arrivals)
    assert all(attempts[write_of(name)] <= 1 for name in NEW_USERS if name.startswith("plain"))
    assert max(run.durations) <= BUDGET * TOLERANCE
    assert (0, 0) == (run.tasks_left, run.descriptors_left)


def write_of(name: str) -> str:
    """The logical request that creates a user."""
    return logical_request(httpx.Request("POST", "http://app.test/users", json={"name": name}))


@pytest.mark.slow
def test_a_sync_delivers_each_item_once_or_ends_in_a_typed_error() -> None:
    """Under any schedule of faults nothing is lost, doubled, left open or late."""
    runs = [run_sync(seed) for seed in range(40)]
    for run in runs:
        check(run)

    # The sample says something: faults were survived, and others were reported.
    assert any(run.list_error is None and len(run.arrivals) > 7 for run in runs)
    assert len({error for run in runs for error in run.errors()}) >= 4


@pytest.mark.slow
@parametrize(first=range(0, 2000, 250))
def test_two_thousand_schedules_hold(first: int) -> None:
    """The same for 2,000 schedules."""
    for seed in range(first, first + 250):
        check(run_sync(seed))


def test_a_run_can_be_replayed_from_its_seed() -> None:
    """The same seed leads to the same attempts and the same outcome."""
    first, second = run_sync(7), run_sync(7)
    assert (first.arrivals, first.outcomes) == (second.arrivals, second.outcomes)
