"""The sockets that requests go through: closed ones, full ones, and TLS within TLS."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import anyio
import httpx
import pytest
import trustme

from connector_sdk.http import NO_RETRIES, AsyncClient, Timeouts, Tls, proxy_settings
from connector_sdk.testing import FaultServer

pytestmark = pytest.mark.slow  # its tests need certificates, and threads with servers

CALL = """
import asyncio, sys
from connector_sdk.http import AsyncClient

async def main():
    async with AsyncClient() as client:
        print((await client.get(sys.argv[1])).text, "anyio._backends._asyncio" in sys.modules)

asyncio.run(main())
"""
"""A program that makes one request, and tells whether anyio was loaded for it."""

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@contextmanager
def answering(serve: Callable[[socket.socket], object]) -> Iterator[str]:
    """Have `serve` answer each connection, in a thread of its own; the URL."""

    def accept() -> None:
        while True:
            try:
                connection = listening.accept()[0]
            except OSError:
                return

            with connection:
                serve(connection)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=accept)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)

    thread.join()


def test_a_connection_that_the_app_has_closed_is_not_used_again() -> None:
    """Not even when the event loop had no time to notice: a POST could not be repeated."""
    received, closed = threading.Event(), threading.Event()

    def answer_once(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(ANSWER)
        received.wait(60)
        connection.shutdown(socket.SHUT_RDWR)
        closed.set()

    async def main(url: str) -> None:
        async with AsyncClient(base_url=url, retries=NO_RETRIES) as client:
            for _ in range(3):
                assert "ok" == (await client.post("/", json={})).text
                received.set()
                assert closed.wait(60)
                received.clear()
                closed.clear()

    with answering(answer_once) as url:
        asyncio.run(main(url))


def test_an_app_that_does_not_take_a_request_is_not_waited_for() -> None:
    """What the operating system keeps for it does not count as taken."""
    done = threading.Event()

    async def main(url: str) -> None:
        limits = Timeouts(write=0.05)
        async with AsyncClient(base_url=url, retries=NO_RETRIES, timeout=limits) as client:
            await client.post("/", content=bytes(64_000_000))

    with answering(lambda _connection: done.wait(60)) as url:
        with pytest.raises(httpx.WriteTimeout):
            asyncio.run(main(url))

        done.set()


def test_bodies_go_through_tls_over_and_over() -> None:
    """Requests on one connection, whose heads and bodies are written one after the other."""
    authority = trustme.CA()
    theirs = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(theirs)
    ours = ssl.create_default_context()
    authority.configure_trust(ours)
    limits = Timeouts(write=5)

    def app(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=len(request.content))

    async def main() -> list[int]:
        async with (
            FaultServer(app, ssl_context=theirs) as server,
            AsyncClient(
                base_url=server.url, tls=Tls(verify=ours), retries=NO_RETRIES, timeout=limits
            ) as client,
        ):
            return [(await client.post("/", content=bytes(size))).json() for size in sizes]

    sizes = [1, 2, 3_000_000, 4, 5]
    assert sizes == asyncio.run(main())


def test_a_scope_of_anyio_that_ends_a_request_closes_its_connection() -> None:
    """At once, and not when the event loop ends."""
    closed = threading.Event()

    def never_answer(connection: socket.socket) -> None:
        while connection.recv(65536):
            pass

        closed.set()

    async def main(url: str) -> bool:
        async with AsyncClient(base_url=url, retries=NO_RETRIES) as client:
            with anyio.move_on_after(0.05):
                await client.get("/")

            return await asyncio.to_thread(closed.wait, 60)

    with answering(never_answer) as url:
        assert asyncio.run(main(url))


def test_a_proxy_can_speak_tls_itself() -> None:
    """Then the app's TLS goes through that of the proxy."""
    authority = trustme.CA()
    theirs = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(theirs)
    ours = ssl.create_default_context()
    authority.configure_trust(ours)

    async def app(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ANSWER)
        await writer.drain()
        writer.close()

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        host, _, port = asked.split()[1].partition(b":")
        there, back = await asyncio.open_connection(host.decode(), int(port))
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await asyncio.gather(_copy(reader, back), _copy(there, writer))

    async def main() -> str:
        async with (
            await asyncio.start_server(app, "127.0.0.1", 0, ssl=theirs) as app_server,
            await asyncio.start_server(proxy, "127.0.0.1", 0, ssl=theirs) as proxy_server,
        ):
            app_port, proxy_port = (
                each.sockets[0].getsockname()[1] for each in (app_server, proxy_server)
            )
            with proxy_settings(proxy_url=f"https://127.0.0.1:{proxy_port}"):
                async with AsyncClient(tls=Tls(verify=ours), retries=NO_RETRIES) as client:
                    return (await client.get(f"https://127.0.0.1:{app_port}/")).text

    assert "ok" == asyncio.run(main())


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()
