"""Creating a user (RFC 7644, section 3.3) so that a call can be repeated."""

from typing import Any

import httpx

from connector_sdk import ConnectorError
from connector_sdk.models import AccountStatus, CreateAccount, ErrorCode
from scim_connector.client import ScimClient
from scim_connector.filters import equals
from scim_connector.lists import USERS, users
from scim_connector.pages import Listing
from scim_connector.refusals import is_taken
from scim_connector.resources import USER_SCHEMA, Resource, find, find_path, text_at, value_set

ACTIVE_BY_STATUS = {
    None: True,
    AccountStatus.ACTIVE.value: True,
    AccountStatus.INACTIVE.value: False,
    AccountStatus.SUSPENDED.value: False,
}
"""Whether a new account of a status can be used; SCIM tells no more."""


async def ensure_user(client: ScimClient, wanted: CreateAccount) -> Resource:
    """Create a user, or return the one that an earlier call has created.

    Raises:
        ConnectorError: `bad_request`, when the request names nobody, asks for a status that SCIM
            does not have, or another user has the name.
        httpx.HTTPStatusError: the service refused.
    """
    user = _new_user(wanted)
    try:
        return (await client.post(USERS, user)).resource
    except httpx.HTTPStatusError as error:
        if not is_taken(error.response):
            raise

        existing = await _user_of_name(client, user["userName"])
        if existing is None:
            raise

        if not _is_like(existing, wanted):
            raise ConnectorError(
                message="another account has this user name, and other names or another e-mail"
                " address; choose another one, or use that account",
                error_code=ErrorCode.BAD_REQUEST,
                app_error_code="uniqueness",
                status_code=error.response.status_code,
            ) from None

        return existing


def _new_user(wanted: CreateAccount) -> Resource:
    """Return the user to create; what `extra_data` has besides is taken as attributes."""
    name = wanted.username or wanted.email
    if not name:
        raise ConnectorError(
            message="request.username or request.email is required and must not be empty",
            error_code=ErrorCode.BAD_REQUEST,
        )

    if wanted.user_status not in ACTIVE_BY_STATUS:
        statuses = ", ".join(status for status in ACTIVE_BY_STATUS if status)
        raise ConnectorError(
            message=f"request.user_status must be one of {statuses}",
            error_code=ErrorCode.BAD_REQUEST,
        )

    extra = wanted.extra_data or {}
    user: dict[str, Any] = {
        "schemas": [USER_SCHEMA, *(key for key in extra if key.casefold().startswith("urn:"))],
        "userName": name,
        "active": ACTIVE_BY_STATUS[wanted.user_status],
    }
    full_name = {"givenName": wanted.given_name, "familyName": wanted.family_name}
    given = {key: value for key, value in full_name.items() if value}
    if given:
        further = find(extra, "name")
        user["name"] = {**(further if isinstance(further, dict) else {}), **given}

    if wanted.email:
        user["emails"] = [{"value": wanted.email, "type": "work", "primary": True}]

    # Names have no case, so a second spelling of one would be the same attribute twice.
    taken = {key.casefold() for key in user}
    return {**user, **{key: each for key, each in extra.items() if key.casefold() not in taken}}


async def _user_of_name(client: ScimClient, name: str) -> Resource | None:
    """Find a user by name, which has no case (RFC 7643, section 4.1.1)."""
    listing = users(client)
    config = await client.service_provider_config()
    if find_path(config, "filter.supported") is not False:
        params = {"filter": equals("userName", name)}
        listing = Listing(client=client, endpoint=USERS, params=params)

    async for user in listing.all(client.settings.page_size):
        if str(find(user, "userName")).casefold() == name.casefold():
            return user

    return None


def _is_like(user: Resource, wanted: CreateAccount) -> bool:
    """Tell whether a user has what is asked for, as far as that says who it is."""
    emails = {each.casefold() for each in value_set(user, "emails")}
    return (
        (not wanted.email or wanted.email.casefold() in emails)
        and wanted.given_name in (None, text_at(user, "name.givenName"))
        and wanted.family_name in (None, text_at(user, "name.familyName"))
    )
