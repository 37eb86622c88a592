"""The transport for gql."""

import asyncio
import subprocess
import sys
from typing import Any

import httpx
import pytest
from gql import Client, gql
from gql.transport.exceptions import TransportAlreadyConnected

from connector.httpx_rewrite import AsyncClient, HTTPXAsyncTransport
from connector_sdk.testing import intercept

pytestmark = pytest.mark.slow  # it needs the extra `gql`


def test_queries_go_through_the_sdks_client() -> None:
    """With the arguments that it was given."""
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((str(request.url), request.headers["x-key"]))
        return httpx.Response(200, json={"data": {"me": "ann"}})

    async def query() -> Any:
        transport = HTTPXAsyncTransport(url="https://app.example/graphql", headers={"X-Key": "k"})
        async with Client(transport=transport) as session:
            assert isinstance(transport.client, AsyncClient)
            return await session.execute(gql("{ me }"))

    with intercept(answer):
        found = asyncio.run(query())

    assert {"me": "ann"} == found
    assert [("https://app.example/graphql", "k")] == asked


def test_it_is_connected_once() -> None:
    """A second time is a mistake."""

    async def connect_twice() -> None:
        transport = HTTPXAsyncTransport(url="https://app.example/graphql")
        await transport.connect()
        try:
            await transport.connect()
        finally:
            await transport.close()  # type: ignore[no-untyped-call] # of gql

    with pytest.raises(TransportAlreadyConnected):
        asyncio.run(connect_twice())


def test_without_gql_it_says_what_to_install() -> None:
    """And the rest of its module works."""
    code = (
        "import sys; sys.modules['gql'] = None\n"
        "from connector.httpx_rewrite import AsyncClient\n"
        "from connector.httpx_rewrite import HTTPXAsyncTransport\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, encoding="utf-8"
    )
    assert "python -m pip install 'connector-compat[gql]'" in ended.stderr.splitlines()[-1]
    assert 1 == ended.returncode
