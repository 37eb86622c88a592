"""The app that connectors call: one page with one user, in a process of its own.

It answers as cheaply as can be, so that what is measured is the way to it and not its work.

    python benchmarks/app.py [FOLDER]       FOLDER holds the certificate, for HTTPS
"""

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import trustme
from processes import HERE, running

USER = "user-0"
"""The only user that there is."""

BODY = f'{{"users":[{{"id":"{USER}"}}]}}'.encode()

ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY)
) + BODY


async def serve(folder: str | None) -> None:
    """Serve until the process is ended; print the port.

    Parameters:
        folder: what `certificates` made, for HTTPS; None for HTTP.
    """
    context = None
    if folder is not None:
        import ssl

        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(f"{folder}/server.pem")

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(ANSWER)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def serving(*, tls: str | None) -> Iterator[str]:
    """Have the app running, over HTTPS with the certificate in the folder `tls`; its URL."""
    words = [] if tls is None else [tls]
    with running([sys.executable, HERE / "app.py", *words]) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        yield f"{'http' if tls is None else 'https'}://127.0.0.1:{port}"


@contextmanager
def certificates() -> Iterator[str]:
    """A folder with the server's certificate, `server.pem`, and that of its authority, `ca.pem`."""
    with tempfile.TemporaryDirectory() as folder:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(f"{folder}/ca.pem")
        issued = authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem
        issued.write_to_path(f"{folder}/server.pem")
        yield folder


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1] if len(sys.argv) > 1 else None))
