"""A relay before slapd that does what slapd does not: Active Directory's ranges, and breaking off.

Active Directory gives at most 1,500 values of an attribute at a time, and says in the attribute's
name which ones they are ([MS-ADTS], section 3.1.1.3.1.3.3). The relay does that to `member` and
`memberOf`, with fewer values.
"""

import socketserver
import sys
import threading
from socket import create_connection, socket

from ber import Element, read

VALUES_AT_A_TIME = 3
SEARCH_REQUEST, SEARCH_ENTRY = 0x63, 0x64


class Session(socketserver.BaseRequestHandler):
    """One connection of a client, and the one to slapd that belongs to it."""

    server: "Relay"

    def handle(self) -> None:
        """Pass messages on, in both directions, until one side ends."""
        self.starts = {b"member": 0, b"memberOf": 0}
        with create_connection(("127.0.0.1", self.server.target)) as upstream:
            thread = threading.Thread(target=self.pass_on, args=(self.request, upstream))
            thread.start()
            self.pass_on(upstream, self.request)
            thread.join()

    def pass_on(self, source: socket, target: socket) -> None:
        """Pass on what one side sends."""
        data = b""
        while chunk := receive(source):
            data += chunk
            while (found := read(data)) is not None:
                message, data = found
                if not self.may_pass(message):
                    break_off(source, target)
                    return

                target.sendall(message.encoded())

        break_off(source, target)

    def may_pass(self, message: Element) -> bool:
        """Change a message as Active Directory would; tell whether it goes on."""
        operation = message.parts[1]
        if operation.tag == SEARCH_REQUEST:
            self.ask(operation.parts[7])

        if operation.tag == SEARCH_ENTRY:
            if self.server.entries_left == 0:
                return False

            self.server.entries_left -= 1
            self.cut(operation.parts[1])

        return True

    def ask(self, names: Element) -> None:
        """Ask slapd for all values where the client asks for a range."""
        for each in names.parts:
            name, _, span = each.value.partition(b";range=")
            if name in self.starts:
                self.starts[name] = int(span.partition(b"-")[0]) if span else 0
                each.value = name

    def cut(self, attributes: Element) -> None:
        """Leave so many values of an attribute, and say which."""
        for attribute in attributes.parts:
            name, values = attribute.parts
            if name.value not in self.starts or len(values.parts) <= VALUES_AT_A_TIME:
                continue

            start = self.starts[name.value]
            end = start + VALUES_AT_A_TIME
            last = "*" if end >= len(values.parts) else str(end - 1)
            name.value += f";range={start}-{last}".encode()
            values.parts = values.parts[start:end]


class Relay(socketserver.ThreadingTCPServer):
    """The relay; it breaks off after so many entries, never if that is below zero."""

    daemon_threads = True

    def __init__(self, target: int, entries_left: int) -> None:
        self.target = target
        self.entries_left = entries_left
        super().__init__(("127.0.0.1", 0), Session)


def receive(source: socket) -> bytes:
    """Return what came; nothing when the other side has ended."""
    try:
        return source.recv(65536)
    except OSError:
        return b""


def break_off(*sockets: socket) -> None:
    """End both connections."""
    for each in sockets:
        try:
            each.shutdown(2)
        except OSError:
            continue


if __name__ == "__main__":
    with Relay(int(sys.argv[1]), int(sys.argv[2])) as relay:
        print(relay.server_address[1], flush=True)  # noqa: T201 # tells the test its port
        relay.serve_forever()
