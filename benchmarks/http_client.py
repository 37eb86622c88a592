"""A connector whose call makes one HTTPS request, and a loop that calls it; `clients.py` starts it.

python http_client.py worker                        its worker, as any connector has one
python http_client.py dispatch REQUEST CALLS        for each line on stdin, makes so many calls,
                                                    one after another, and says so
"""

import asyncio
import sys
from typing import Any

from pydantic import BaseModel

from connector_cli import run
from connector_sdk import DescriptionData, Integration, Request, get_settings, get_token_auth
from connector_sdk.http import (
    BaseIntegrationClient,
    BearerAuth,
    Tls,
    create_client_response,
)
from connector_sdk.models import (
    AppCategory,
    FoundAccountData,
    ListAccountsRequest,
    ListAccountsResponse,
    StandardCapabilityName,
    TokenCredential,
)


class Settings(BaseModel):
    """Where the server is, and whom it is certified by."""

    url: str
    ca_file: str


class User(BaseModel):
    """A user of the app."""

    id: str


class Users(BaseModel):
    """What the app answers."""

    users: list[User]


class BenchClient(BaseIntegrationClient):
    """A client as a connector's author writes it."""

    @classmethod
    def prepare_client_args(cls, args: Request) -> dict[str, Any]:
        """Connect to the tenant's app with its token."""
        settings = get_settings(args, Settings)
        return {
            "base_url": settings.url,
            "auth": BearerAuth(get_token_auth(args).token),
            "tls": Tls(ca_file=settings.ca_file),
        }


integration = Integration(
    app_id="bench",
    version="1.0.0",
    auth=TokenCredential,
    settings_model=Settings,
    exception_handlers=[],
    description_data=DescriptionData(user_friendly_name="Bench", categories=[AppCategory.INTERNAL]),
)


@integration.register_capability(StandardCapabilityName.LIST_ACCOUNTS)
async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    """List the users."""
    async with BenchClient(args) as client:
        found = create_client_response(await client.http.get("/users"), Users)

    return ListAccountsResponse(
        response=[FoundAccountData(integration_specific_id=user.id) for user in found.users]
    )


async def dispatch(request: str, calls: int) -> None:
    """Make the calls of each turn."""
    for _ in sys.stdin:
        for _ in range(calls):
            answer = await integration.dispatch("list_accounts", request)
            if '"user-0"' not in answer:
                raise SystemExit(f"a call failed: {answer}")

        print("done", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "worker":
        run(integration)
    else:
        asyncio.run(dispatch(sys.argv[2], int(sys.argv[3])))
