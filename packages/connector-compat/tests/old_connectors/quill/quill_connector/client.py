"""The client of the app's API."""

from typing import Any

from pydantic import BaseModel

from connector.generated import FoundAccountData
from connector.oai.base_clients import BaseIntegrationClient
from connector.oai.capability import Request, get_oauth, get_settings
from connector.utils.client_utils import create_client_response
from connector.utils.httpx_auth import BearerAuth
from quill_connector.settings import QuillSettings


class Writer(BaseModel):
    """An account."""

    id: str
    email: str

    def to_account(self) -> FoundAccountData:
        """Return the account as the platform knows it."""
        return FoundAccountData(integration_specific_id=self.id, email=self.email)


class Writers(BaseModel):
    """The reply to a request for all accounts."""

    writers: list[Writer]


class QuillClient(BaseIntegrationClient):
    """The app, as one tenant sees it."""

    @classmethod
    def prepare_client_args(cls, args: Request) -> dict[str, Any]:
        """Say where the app is, and who calls."""
        settings = get_settings(args, QuillSettings)
        return {
            "auth": BearerAuth(token=get_oauth(args).access_token, token_prefix="Token"),
            "base_url": f"https://{settings.subdomain}.quill.example/api",
        }

    async def get_writers(self) -> Writers:
        """Return all accounts."""
        response = await self._http_client.get("/writers")
        return create_client_response(response, Writers)
