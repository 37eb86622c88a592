"""The transport with which `gql` sends through the SDK's client; it needs the extra `gql`."""

from connector_sdk.extras import MissingExtraError
from connector_sdk.http import AsyncClient

try:
    from gql.transport.exceptions import TransportAlreadyConnected
    from gql.transport.httpx import HTTPXAsyncTransport as GqlTransport
except ModuleNotFoundError as error:
    raise MissingExtraError("gql", error, distribution="connector-compat") from error


class HTTPXAsyncTransport(GqlTransport):
    """A transport of `gql` with the SDK's limits, retries and proxies.

    It takes what gql's own takes; further arguments go to `connector_sdk.http.AsyncClient`.
    """

    async def connect(self) -> None:
        """Open the client.

        Raises:
            TransportAlreadyConnected: it is open.
        """
        if self.client:
            raise TransportAlreadyConnected("the transport is connected already")

        self.client = AsyncClient(**self.kwargs)
