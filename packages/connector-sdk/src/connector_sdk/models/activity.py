"""Activity: when accounts were last used."""

from enum import Enum

from pydantic import Field, StrictStr

from connector_sdk.models.base import WireModel
from connector_sdk.models.envelopes import AuthenticatedRequest, ResponseEnvelope


class ActivityEventType(str, Enum):
    """What an account did."""

    LAST_LOGIN = "last_login"
    """It signed in."""

    LAST_ACTIVITY = "last_activity"
    """It did something in the app."""


class GetLastActivity(WireModel):
    """Payload of `get_last_activity`: whose use of the app is asked for."""

    account_ids: list[StrictStr] = Field(
        description="The app's identifiers of the accounts, as `list_accounts` gives them.",
    )


class LastActivityData(WireModel):
    """The last time that an account did something of one kind."""

    account_id: StrictStr = Field(
        description="The app's identifier of the account, as the request names it.",
    )
    event_type: StrictStr = Field(
        description="What the account did, usually a value of `ActivityEventType`.",
    )
    happened_at: StrictStr = Field(
        description="When it did so: date and time with offset, such as 2024-05-01T09:30:00Z.",
    )


class GetLastActivityRequest(AuthenticatedRequest):
    """Request to `get_last_activity`."""

    request: GetLastActivity = Field(description="The accounts to look for.")


class GetLastActivityResponse(ResponseEnvelope):
    """Response of `get_last_activity`."""

    response: list[LastActivityData] = Field(
        description=(
            "What is known of the accounts on this page, an item for each kind of event; an"
            " account that was never used has none."
        ),
    )
