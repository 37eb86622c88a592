"""A real service behind a network that fails: no wrong list, and no change carried out twice."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest
from pytest_cases import parametrize

from connector_sdk.testing import FaultKind, FaultServer, RandomFaults, run_in_virtual_time
from scim_connector.integration import integration

KINDS = [kind for kind in FaultKind if kind is not FaultKind.EXPIRED_TOKEN]
"""All that a repeated call can get over; an expired token needs another one."""

TYPED = {
    "api_error",
    "connection_closed",
    "connection_rejected",
    "invalid_response",
    "rate_limit",
    "request_timeout",
    "service_error",
}
"""Codes of failures that are not the connector's own."""

MOST_CALLS = 30

Call = Callable[..., Coroutine[Any, Any, Any]]


def behind(service: Any, seed: int, steps: Callable[[Call], Coroutine[Any, Any, None]]) -> None:
    """Carry out steps against a service behind faults; each call is repeated until it succeeds."""

    async def main() -> None:
        with service.http as http:

            def forward(request: httpx.Request) -> httpx.Response:
                headers = {
                    name: value
                    for name, value in request.headers.items()
                    if name in ("accept", "authorization", "content-type", "if-match")
                }
                url = httpx.URL(service.base_url).copy_with(raw_path=request.url.raw_path)
                found = http.request(request.method, url, headers=headers, content=request.content)
                kept = {
                    name: found.headers[name]
                    for name in ("content-type", "etag")
                    if name in found.headers
                }
                return httpx.Response(found.status_code, headers=kept, content=found.content)

            async with FaultServer(forward, RandomFaults(seed, kinds=KINDS)) as server:
                path = httpx.URL(service.base_url).path
                settings = {"base_url": f"{server.url}{path}", "page_size": 10}

                async def call(capability: str, **envelope: Any) -> Any:
                    request = {
                        "credentials": service.credentials,
                        "settings": settings,
                        "request": {},
                    }
                    text = json.dumps({**request, **envelope})
                    reply: Any = None
                    for _ in range(MOST_CALLS):
                        reply = json.loads(await integration.dispatch(capability, text))
                        if not reply.get("is_error"):
                            return reply

                        assert reply["error"]["error_code"] in TYPED, reply

                    raise AssertionError(f"{capability} never succeeded: {reply}")

                await steps(call)

    run_in_virtual_time(main())


@pytest.mark.slow
@parametrize("seed", range(3))
def test_a_list_is_right_or_an_error(scim2_server: Any, seed: int) -> None:
    """Whatever fails, users and memberships are read as they are, each once."""
    ids = [
        scim2_server.create("/Users", {"userName": f"user{number}", "active": True})
        for number in range(60)
    ]
    groups = [
        scim2_server.create(
            "/Groups",
            {
                "displayName": f"Group {number}",
                "members": [{"value": each} for each in ids[number:]],
            },
        )
        for number in range(0, 60, 20)
    ]

    async def steps(call: Call) -> None:
        for capability, expected in [
            ("list_accounts", set(ids)),
            (
                "find_entitlement_associations",
                {
                    (each, group)
                    for group, first in zip(groups, (0, 20, 40), strict=True)
                    for each in ids[first:]
                },
            ),
        ]:
            found: list[Any] = []
            page: Any = {"size": 25}
            while page is not None:
                reply = await call(capability, page=page)
                found += reply["response"]
                page = reply["page"]

            keys = [
                each["integration_specific_id"]
                if capability == "list_accounts"
                else (each["account_id"], each["integration_specific_entitlement_id"])
                for each in found
            ]
            assert len(expected) == len(keys)
            assert expected == set(keys)

    behind(scim2_server, seed, steps)


@pytest.mark.slow
@parametrize("seed", range(3))
def test_a_change_is_carried_out_once(scim2_server: Any, seed: int) -> None:
    """Whatever fails, in the end there is one account, in the group once, and shut out."""
    group_id = scim2_server.create("/Groups", {"displayName": "Staff"})

    async def steps(call: Call) -> None:
        membership = {
            "entitlement_type": "membership",
            "integration_specific_id": group_id,
            "integration_specific_resource_id": group_id,
        }
        ada = {"username": "ada", "email": "ada@example.com", "entitlements": [membership]}
        await call("create_account", request=ada)
        [account] = (await call("list_accounts"))["response"]
        await call("deactivate_account", request={"account_id": account["integration_specific_id"]})

    behind(scim2_server, seed, steps)
    with scim2_server.http as http:
        [user] = http.get("/Users").json()["Resources"]
        members = http.get(f"/Groups/{group_id}").json()["members"]

    assert ("ada", False) == (user["userName"], user["active"])
    assert [user["id"]] == [each["value"] for each in members]


@pytest.mark.slow
def test_a_user_whom_others_change_again_and_again_is_an_error(scim2_server: Any) -> None:
    """Others' changes are never overwritten; after some attempts the call ends in an error."""
    account_id = scim2_server.create("/Users", {"userName": "ada", "active": True})

    async def main() -> tuple[Any, int]:
        changes = 0
        with scim2_server.http as http:

            def interfere(request: httpx.Request) -> httpx.Response:
                nonlocal changes
                url = httpx.URL(scim2_server.base_url).copy_with(raw_path=request.url.raw_path)
                headers = {
                    name: value
                    for name, value in request.headers.items()
                    if name in ("authorization", "content-type", "if-match")
                }
                if request.method == "PATCH":
                    changes += 1
                    operation = {"op": "replace", "path": "title", "value": str(changes)}
                    schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]
                    body = {"schemas": schemas, "Operations": [operation]}
                    assert http.patch(url, json=body).is_success

                found = http.request(request.method, url, headers=headers, content=request.content)
                return httpx.Response(
                    found.status_code,
                    headers={"content-type": found.headers.get("content-type", "")},
                    content=found.content,
                )

            async with FaultServer(interfere) as server:
                path = httpx.URL(scim2_server.base_url).path
                request = {
                    "credentials": scim2_server.credentials,
                    "settings": {"base_url": f"{server.url}{path}"},
                    "request": {"account_id": account_id},
                }
                reply = await integration.dispatch("deactivate_account", json.dumps(request))
                return json.loads(reply), changes

    reply, changes = asyncio.run(main())
    assert ("service_error", 5) == (reply["error"]["error_code"], changes)
