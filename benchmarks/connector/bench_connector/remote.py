"""A connector whose capability makes one HTTP request."""

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from bench_connector.names import (
    OURS,
    AppCategory,
    DescriptionData,
    FoundAccountData,
    Integration,
    ListAccountsRequest,
    ListAccountsResponse,
    StandardCapabilityName,
    TokenCredential,
)

if TYPE_CHECKING or OURS:
    from connector_sdk import get_settings, get_token_auth
    from connector_sdk.http import BaseIntegrationClient, BearerAuth, create_client_response
else:
    from connector.oai.base_clients import BaseIntegrationClient
    from connector.oai.capability import get_settings, get_token_auth
    from connector.utils.client_utils import create_client_response
    from connector.utils.httpx_auth import BearerAuth


class Settings(BaseModel):
    """Where the app is."""

    url: str


class User(BaseModel):
    """A user of the app."""

    id: str


class Users(BaseModel):
    """What the app answers."""

    users: list[User]


class Client(BaseIntegrationClient):
    """A client as a connector's author writes it."""

    @classmethod
    def prepare_client_args(cls, args: Any) -> dict[str, Any]:
        """Connect to the tenant's app with its token."""
        return {
            "base_url": get_settings(args, Settings).url,
            "auth": BearerAuth(get_token_auth(args).token),
        }

    async def users(self) -> Users:
        """Return the app's users."""
        http: Any = self.http if OURS else self._http_client
        return create_client_response(await http.get("/users"), Users)


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
    """List the app's users."""
    async with Client(args) as client:
        users = await client.users()

    return ListAccountsResponse(
        response=[FoundAccountData(integration_specific_id=user.id) for user in users.users],
        raw_data=None,
    )
