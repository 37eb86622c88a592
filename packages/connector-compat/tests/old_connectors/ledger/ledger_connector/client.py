"""The client of the app's API."""

from typing import Any

from httpx import BasicAuth
from pydantic import BaseModel

from connector.oai.base_clients import BaseIntegrationClient
from connector.oai.capability import Request, get_basic_auth
from connector.utils.client_utils import create_client_response

BASE_URL = "https://api.ledger.example"


class Record(BaseModel):
    """A person, or a robot."""

    id: str
    name: str


class Records(BaseModel):
    """A page of a list."""

    records: list[Record]
    total: int


class LedgerClient(BaseIntegrationClient):
    """The app, as one tenant sees it."""

    @classmethod
    def prepare_client_args(cls, args: Request) -> dict[str, Any]:
        """Say where the app is, and who calls."""
        credential = get_basic_auth(args)
        return {
            "auth": BasicAuth(credential.username, credential.password),
            "base_url": BASE_URL,
        }

    async def get_records(self, endpoint: str, offset: int, limit: int) -> Records:
        """Return a page of one of the lists."""
        params = {"offset": offset, "limit": limit}
        response = await self._http_client.get(endpoint, params=params)
        return create_client_response(response, Records)
