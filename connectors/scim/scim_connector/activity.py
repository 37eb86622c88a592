"""Activity: the last login, where a service has an attribute for it."""

from datetime import datetime

from connector_sdk import ConnectorError
from connector_sdk.http import collect
from connector_sdk.models import ActivityEventType, ErrorCode, LastActivityData
from scim_connector.client import ScimClient
from scim_connector.lists import USERS
from scim_connector.resources import Resource, text_at


async def last_logins(
    client: ScimClient, account_ids: list[str], path: str
) -> tuple[list[LastActivityData], list[Resource]]:
    """Return when accounts signed in last; one that is unknown or never did has no item.

    Parameters:
        client: the client.
        account_ids: the accounts.
        path: the attribute of users that has the time.
    """
    users = await collect(
        lambda each: client.get_if_there(USERS, each, attributes=path), dict.fromkeys(account_ids)
    )
    known = [user for user in users if user is not None]
    return [
        LastActivityData(
            account_id=user["id"],
            event_type=ActivityEventType.LAST_LOGIN.value,
            happened_at=_moment(text, path),
        )
        for user in known
        if (text := text_at(user, path)) is not None
    ], known


def _moment(text: str, path: str) -> str:
    """Return a `dateTime` of SCIM (RFC 7643, section 2.3.5) as the contract has it, with offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None

    if moment is None or moment.tzinfo is None:
        raise ConnectorError(
            message=f"{path} of a user is no date and time with offset",
            error_code=ErrorCode.INVALID_RESPONSE,
        )

    return moment.isoformat()
