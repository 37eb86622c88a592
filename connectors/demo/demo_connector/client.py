"""The client of the app: what is asked of its API, and the records that it gives."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import httpx
from pydantic import BaseModel

from connector_sdk import ConnectorError, Request, get_oauth, get_settings
from connector_sdk.http import (
    BaseIntegrationClient,
    BearerAuth,
    Endpoint,
    create_client_response,
    read_page,
    url_path,
)
from connector_sdk.models import ErrorCode, Page
from demo_connector.pagination import GROUPS, MEMBERSHIPS, USERS
from demo_connector.settings import DemoSettings

BASE_URL = "https://api.demo.example"
"""Below it is the app's API."""


class Tenant(BaseModel):
    """The tenant whose credentials are used."""

    id: str


class User(BaseModel):
    """An account."""

    id: str
    email: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    active: bool = True


class Group(BaseModel):
    """What an account can be a member of."""

    id: str
    name: str


class Membership(BaseModel):
    """An account is a member of a group."""

    user_id: str
    group_id: str


RecordT = TypeVar("RecordT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Listed(Generic[RecordT]):
    """One page of a list: its records, and as the app gave them."""

    records: list[RecordT]
    raw: list[Any]
    next_page: Page


class DemoClient(BaseIntegrationClient):
    """The app, as one tenant sees it."""

    @classmethod
    def prepare_client_args(cls, args: Request) -> dict[str, Any]:
        """Say where the app is, and who calls."""
        settings = get_settings(args, DemoSettings)
        return {
            "base_url": BASE_URL,
            "auth": BearerAuth(get_oauth(args).access_token),
            "headers": {"X-Account-Id": settings.account_id},
        }

    async def tenant(self) -> Tenant:
        """Return whose credentials they are."""
        return create_client_response(await self.http.get("/tenant"), Tenant)

    async def users(self, page: Page) -> Listed[User]:
        """Return a page of the accounts."""
        return await self._read(USERS, User, page)

    async def groups(self, page: Page) -> Listed[Group]:
        """Return a page of the groups."""
        return await self._read(GROUPS, Group, page)

    async def memberships(self, page: Page) -> Listed[Membership]:
        """Return a page of the memberships."""
        return await self._read(MEMBERSHIPS, Membership, page)

    async def add_member(self, group_id: str, user_id: str) -> None:
        """Make an account a member of a group; done, too, if it was one."""
        _require_done(await self.http.put(url_path("groups", group_id, "members", user_id)))

    async def remove_member(self, group_id: str, user_id: str) -> None:
        """Take an account out of a group; done, too, if it was not in it."""
        _require_done(await self.http.delete(url_path("groups", group_id, "members", user_id)))

    async def _read(self, endpoint: Endpoint, record: type[RecordT], page: Page) -> Listed[RecordT]:
        found = await read_page(self.http, {endpoint.url: endpoint}, page=page)
        return Listed(
            records=[record.model_validate(each) for each in found.items],
            raw=found.items,
            next_page=found.to_page(page.size),
        )


def _require_done(response: httpx.Response) -> None:
    """Take nothing for a change but the answer that the app gives to one, which is empty."""
    response.raise_for_status()
    if response.status_code != httpx.codes.NO_CONTENT:
        raise ConnectorError(
            message=f"the app answered a change with {response.status_code} in place of 204",
            error_code=ErrorCode.INVALID_RESPONSE,
            status_code=response.status_code,
        )
