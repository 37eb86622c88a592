"""When accounts were last used, as far as the directory notes it."""

from datetime import UTC, datetime

from connector_sdk import ConnectorError
from connector_sdk.models import ErrorCode
from ldap_connector.accounts import NEVER, filetime
from ldap_connector.entries import Entry
from ldap_connector.profiles import Profile

GENERALIZED_TIME = "%Y%m%d%H%M%S"
"""The beginning of a time (RFC 4517, section 3.3.13), as OpenLDAP writes it; a Z ends it."""


def last_login(entry: Entry, profile: Profile) -> datetime | None:
    """Return when an account last signed in; None if that is not known.

    Raises:
        ConnectorError: `invalid_response`, when the server has something else there.
    """
    times = [_time(value) for name in profile.last_login for value in entry.all(name)]
    return max(filter(None, times), default=None)


def _time(value: str) -> datetime | None:
    try:
        if value.endswith("Z"):
            text = value.removesuffix("Z").partition(".")[0]
            return datetime.strptime(text, GENERALIZED_TIME).replace(tzinfo=UTC)

        count = int(value)
        return None if count in NEVER else filetime(count)
    except (ValueError, OverflowError):
        raise ConnectorError(
            message="the server has a time of the last login that is no time",
            error_code=ErrorCode.INVALID_RESPONSE,
        ) from None
