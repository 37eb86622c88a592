"""connector_checks: a sound connector passes, and each fault is found by the check for it."""

import asyncio
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import httpx
import pytest
from pydantic import BaseModel, Field
from pytest_cases import parametrize

from connector_sdk import (
    ConnectorError,
    Integration,
    IntegrationModule,
    NextPageToken,
    PaginationBase,
    get_token_auth,
)
from connector_sdk.http import AsyncClient, BearerAuth, RateLimit
from connector_sdk.models import (
    AuthenticatedRequest,
    DeleteAccountRequest,
    DeleteAccountResponse,
    DeletedAccount,
    ErrorCode,
    FoundAccountData,
    ListAccountsRequest,
    ListAccountsResponse,
    ResponseEnvelope,
    TokenCredential,
)
from connector_sdk.testing import APP_FAULTS, MockedResponse, connector_checks

pytestmark = pytest.mark.slow  # its tests run all checks, again and again

Declare = Callable[..., Integration]

APP = "https://app.example.com"
CONNECTION = {"auth": {"token": {"token": "sample-token"}}, "settings": {"region": "eu"}}
IDS = ("1", "2", "3")


class Settings(BaseModel):
    """Settings of the sample connector."""

    region: str
    depth: int = 1


class Place(PaginationBase):
    """Where a page begins."""

    start: int


def app(request: httpx.Request) -> MockedResponse:
    """Three users, two on a page."""
    start = int(request.url.params["start"])
    return MockedResponse(200, {"users": IDS[start : start + 2]})


class RotateRequest(AuthenticatedRequest):
    """Request to a module's capability."""

    request: dict[str, str]


class RotateResponse(ResponseEnvelope):
    """Its response."""

    response: bool


class SampleClient:
    """What the sample connector asks of its app; a test replaces a method to break it."""

    options: ClassVar[dict[str, Any]] = {}
    following = staticmethod(lambda start: start + 2 if start + 2 < len(IDS) else None)

    async def get(self, args: ListAccountsRequest, start: int) -> list[str]:
        """Return the ids of a page."""
        auth = BearerAuth(get_token_auth(args).token)
        async with AsyncClient(auth=auth, tenant="acme", **self.options) as client:
            response = await client.get(f"{APP}/users", params={"start": start})

        body = response.raise_for_status().json()
        if "users" not in body:
            raise ConnectorError(message="no users", error_code=ErrorCode.INVALID_RESPONSE)

        users: list[str] = body["users"]
        return users


def make(declare: Declare, client: SampleClient, **declaration: Any) -> Integration:
    """Declare the sample connector."""
    integration = declare(**{"auth": TokenCredential, "settings_model": Settings, **declaration})

    @integration.register_capability("list_accounts")
    async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        token = NextPageToken[Place](args.page.token if args.page else None)
        start = next((place.start for place in token.paginations()), 0)
        ids = await client.get(args, start)
        following = client.following(start)
        return ListAccountsResponse(
            response=[FoundAccountData(integration_specific_id=each) for each in ids],
            page=NextPageToken[Place]
            .from_paginations([] if following is None else [Place(start=following)])
            .to_page(None),
        )

    return integration


def outcomes(tests: type) -> dict[str, BaseException | None]:
    """Run all tests of a class as pytest would, and return what each raised."""
    found: dict[str, BaseException | None] = {}
    for name, method in vars(tests).items():
        if not name.startswith("test_"):
            continue

        [mark] = method.pytestmark
        for sample, identity in zip(mark.args[1], mark.kwargs["ids"], strict=True):
            try:
                method(tests(), sample)
            except (AssertionError, Exception) as error:  # noqa: BLE001 - it is what is asked for
                found[f"{name}[{identity}]"] = error
            else:
                found[f"{name}[{identity}]"] = None

    return found


def failed(integration: Integration, **samples: Any) -> set[str]:
    """Return the names of the checks that fail."""
    options = {"connection": CONNECTION, "app": app, "items": {"list_accounts": 3}, **samples}
    results = outcomes(connector_checks(integration, **options))
    return {name for name, error in results.items() if error is not None}


def test_a_sound_connector_passes_each_check(declare: Declare) -> None:
    """Every check has a test, with a name of its own, and all pass."""
    tests = connector_checks(
        make(declare, SampleClient()), connection=CONNECTION, app=app, items={"list_accounts": 3}
    )

    results = outcomes(tests)

    assert {
        "test_info_fits_its_model[connector]": None,
        "test_schemas_are_closed[authentication]": None,
        "test_schemas_are_closed[settings]": None,
        "test_schemas_are_closed[list_accounts-argument]": None,
        "test_schemas_are_closed[list_accounts-output]": None,
        "test_secrets_are_marked[authentication]": None,
        "test_secrets_are_marked[settings]": None,
        "test_unfit_settings_are_refused[region-missing]": None,
        "test_unfit_settings_are_refused[region-unfit]": None,
        "test_unfit_settings_are_refused[depth-unfit]": None,
        "test_paging_yields_each_item_once[list_accounts]": None,
        **{
            f"test_an_app_error_gets_its_code[list_accounts-{fault}]": None
            for fault in ("401", "403", "404", "429", "500", "timeout", "garbage", "empty")
        },
        "test_no_secret_leaks[list_accounts]": None,
    } == results


def test_an_unmarked_secret_is_found(declare: Declare) -> None:
    """A setting with a secret's name has to be marked, or a form shows it."""

    class Unmarked(BaseModel):
        api_token: str = "sample-api-token"

    integration = make(declare, SampleClient(), settings_model=Unmarked)

    assert {"test_secrets_are_marked[settings]"} == failed(integration)


def test_an_open_schema_is_found(declare: Declare) -> None:
    """A schema is read without a network, so a reference that leads out of it is a fault."""

    class Payload(BaseModel):
        count: int = Field(
            json_schema_extra={"items": {"$ref": "https://app.example.com/count.json"}}
        )

    class CountRequest(AuthenticatedRequest):
        request: Payload

    class CountResponse(ResponseEnvelope):
        response: int

    integration = make(declare, SampleClient())

    @integration.register_custom_capability("count_seats")
    def count_seats(args: CountRequest) -> CountResponse:
        return CountResponse(response=args.request.count)

    assert {"test_schemas_are_closed[count_seats-argument]"} == failed(
        integration, offline=["count_seats"]
    )


def test_info_that_hides_a_capability_is_found(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The document names exactly what is registered."""
    integration = make(declare, SampleClient())
    dispatch = integration.dispatch

    async def forgetful(name: str, text: str) -> str:
        reply = json.loads(await dispatch(name, text))
        if name == "info":
            reply["response"]["capabilities"] = []

        return json.dumps(reply)

    monkeypatch.setattr(integration, "dispatch", forgetful)

    assert {"test_info_fits_its_model[connector]"} == failed(integration)


def test_settings_that_nobody_checks_are_found(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unfit settings that get through to the app are each named."""
    integration = make(declare, SampleClient())
    dispatch = integration.dispatch

    async def trusting(name: str, text: str) -> str:
        request = json.loads(text)
        return await dispatch(name, json.dumps({**request, "settings": CONNECTION["settings"]}))

    monkeypatch.setattr(integration, "dispatch", trusting)

    assert {
        "test_unfit_settings_are_refused[region-missing]",
        "test_unfit_settings_are_refused[region-unfit]",
        "test_unfit_settings_are_refused[depth-unfit]",
    } == failed(integration)


@parametrize(
    following=[
        lambda _start: 0,
        lambda start: start + 1 if start < 2 else None,
        lambda start: 1000 + start,
        lambda _start: None,
    ],
    ids=["in circles", "overlapping", "without end", "cut off"],
)
def test_wrong_paging_is_found(
    declare: Declare, following: Callable[[int], int | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that repeats, loses or never ends is found, however it comes about."""
    monkeypatch.setattr("connector_sdk.testing.checks.listing.MOST_PAGES", 20)
    client = SampleClient()
    client.following = following  # type: ignore[assignment] # the test's fault

    assert {"test_paging_yields_each_item_once[list_accounts]"} == failed(make(declare, client))


def test_an_item_on_two_pages_is_found_though_the_number_is_right(declare: Declare) -> None:
    """Two pages that overlap list four items of three, and four are not expected by chance."""
    client = SampleClient()
    client.following = lambda start: start + 1 if start < 1 else None

    assert {"test_paging_yields_each_item_once[list_accounts]"} == failed(
        make(declare, client), items={"list_accounts": 4}
    )


def test_a_list_without_a_number_of_items_is_found(declare: Declare) -> None:
    """Without it nobody could tell that an item is missing."""
    assert {"test_paging_yields_each_item_once[list_accounts]"} == failed(
        make(declare, SampleClient()), items={}
    )


class Hiding(SampleClient):
    """Takes a failing app for an empty one."""

    async def get(self, args: ListAccountsRequest, start: int) -> list[str]:
        """Return the ids of a page, or none."""
        try:
            return await super().get(args, start)
        except (httpx.HTTPError, ConnectorError):
            return []


def test_a_failure_that_is_taken_for_an_empty_list_is_found(declare: Declare) -> None:
    """An app that is down must not look like one in which nobody has an account."""
    assert {
        f"test_an_app_error_gets_its_code[list_accounts-{fault}]"
        for fault in ("401", "403", "404", "429", "500", "timeout", "garbage", "empty")
    } == failed(make(declare, Hiding()))


def test_a_capability_that_asks_for_nothing_is_found(declare: Declare) -> None:
    """A check of the app's errors would pass without meaning anything, so it does not pass."""

    class Silent(SampleClient):
        async def get(self, args: ListAccountsRequest, start: int) -> list[str]:
            return list(IDS[start : start + 2])

    integration = make(declare, Silent())
    successes = {("list_accounts", fault): None for fault in APP_FAULTS}

    assert len(APP_FAULTS) == len(failed(integration, outcomes=successes))
    assert set() == failed(integration, offline=["list_accounts"])


def test_an_offline_capability_that_sends_is_found(declare: Declare) -> None:
    """Who says that a capability needs no app is held to it."""
    assert {"test_offline_capabilities_send_nothing[list_accounts]"} == failed(
        make(declare, SampleClient()), offline=["list_accounts"]
    )


def test_a_secret_in_a_reply_is_found(declare: Declare) -> None:
    """Replies of success are not redacted, so a token among the data leaves the connector."""

    class Leaking(SampleClient):
        async def get(self, args: ListAccountsRequest, start: int) -> list[str]:
            try:
                return await super().get(args, start)
            except httpx.HTTPStatusError as error:
                if error.response.status_code == httpx.codes.BAD_REQUEST:
                    return [error.request.headers["Authorization"]]

                raise

    assert {"test_no_secret_leaks[list_accounts]"} == failed(make(declare, Leaking()))


@parametrize(stream=["stdout", "stderr"])
def test_a_secret_that_is_printed_is_found(declare: Declare, stream: str) -> None:
    """What connector code prints is not redacted, and stands in the log of the agent."""

    class Printing(SampleClient):
        async def get(self, args: ListAccountsRequest, start: int) -> list[str]:
            print("token:", get_token_auth(args).token, file=getattr(sys, stream))
            return await super().get(args, start)

    assert {"test_no_secret_leaks[list_accounts]"} == failed(make(declare, Printing()))


def test_an_outcome_can_be_the_author_s(declare: Declare) -> None:
    """A 404 that means that all is done is a success, and only where the author says so."""
    integration = declare(auth=TokenCredential)

    @integration.register_capability("delete_account")
    async def delete_account(args: DeleteAccountRequest) -> DeleteAccountResponse:
        async with AsyncClient() as client:
            response = await client.delete(f"{APP}/users/{args.request.account_id}")

        if response.status_code != httpx.codes.NOT_FOUND:
            response.raise_for_status().json()["done"]

        return DeleteAccountResponse(
            response=DeletedAccount(status="DELETED", deleted=True)  # type: ignore[arg-type] # its text
        )

    samples: Mapping[str, Any] = {"connection": {"auth": CONNECTION["auth"]}, "items": {}}
    wrong = {
        f"test_an_app_error_gets_its_code[delete_account-{fault}]" for fault in ("404", "empty")
    }
    assert wrong == failed(integration, **samples)
    assert set() == failed(
        integration,
        **samples,
        outcomes={
            ("delete_account", "404"): None,
            ("delete_account", "empty"): ErrorCode.UNEXPECTED_ERROR,
        },
    )


class Rotation(IntegrationModule):
    """Adds a capability that takes whatever the app answers for success."""

    def register(self, integration: Integration) -> None:
        """Register it."""

        @integration.register_custom_capability("rotate_key")
        async def rotate_key(args: RotateRequest) -> RotateResponse:
            async with AsyncClient(auth=BearerAuth(get_token_auth(args).token)) as client:
                await client.post(f"{APP}/keys")

            return RotateResponse(response=True)

        self.add_capability("rotate_key")


def test_what_a_module_adds_is_the_module_s_to_test(declare: Declare) -> None:
    """The codes of its own capability are checked where the author says them, and there alone."""
    integration = make(declare, SampleClient())
    integration.add_module(Rotation())

    assert set() == failed(integration)
    assert {"test_an_app_error_gets_its_code[rotate_key-401]"} == failed(
        integration,
        outcomes={
            ("rotate_key", "401"): ErrorCode.UNAUTHORIZED,
            ("rotate_key", "404"): None,
        },
    )


def test_what_the_author_makes_of_it_is_the_author_s_to_test(declare: Declare) -> None:
    """A function of the connector's own in place of the module's is checked as any other."""
    integration = make(declare, SampleClient())
    integration.add_module(Rotation())

    @integration.register_custom_capability("rotate_key")
    def rotate_key(args: RotateRequest) -> RotateResponse:
        return RotateResponse(response=args.request == {})

    assert len(APP_FAULTS) == len(failed(integration))


def test_lists_are_read_without_waiting(declare: Declare, monkeypatch: pytest.MonkeyPatch) -> None:
    """A declared rate limit takes no time in a check."""
    pause = asyncio.sleep

    async def sleep(delay: float) -> None:
        assert delay == 0, f"the check would take {delay} s"
        await pause(0)

    monkeypatch.setattr(asyncio, "sleep", sleep)

    class Limited(SampleClient):
        options: ClassVar = {"rate_limit": RateLimit(requests=1, seconds=20)}

    assert set() == failed(make(declare, Limited()))


@parametrize(
    "samples, fault",
    [
        ({"items": {"list_acounts": 1}}, "does not register list_acounts"),
        ({"offline": ["info"]}, "does not register info"),
        ({"payloads": {"x": {}}, "outcomes": {("y", "404"): None}}, "does not register x, y"),
        ({"connection": {"auth": {"token": {"token": "short"}}}}, "at least 6 characters"),
    ],
    idgen="{fault}",
)
def test_samples_that_would_check_nothing_are_refused(
    declare: Declare, samples: dict[str, Any], fault: str
) -> None:
    """A mistyped capability, or a secret that nobody could find again, is an error at once."""
    with pytest.raises(ValueError, match=fault):
        connector_checks(
            make(declare, SampleClient()), **{"connection": CONNECTION, "app": app, **samples}
        )


def test_a_connector_without_capabilities_is_refused(declare: Declare) -> None:
    """No capability, no check: that would look like a connector in which all is well."""
    with pytest.raises(ValueError, match="registers no capability"):
        connector_checks(declare(), connection={})
