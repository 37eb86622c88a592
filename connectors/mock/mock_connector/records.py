"""What the company keeps. The records are named tuples: immutable, and cheap to define and make."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from connector_sdk.models import AccountStatus, AccountType, ActivityEventType


class Activity(NamedTuple):
    """The last time that an account did something of one kind."""

    account_id: str
    event_type: ActivityEventType
    happened_at: datetime


class Account(NamedTuple):
    """The account of a person or a service; a time that is `None` means never."""

    id: str
    account_type: AccountType
    status: AccountStatus
    username: str
    email: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    department: str | None = None
    job_title: str | None = None
    manager_id: str | None = None
    last_login: datetime | None = None
    last_activity: datetime | None = None
    extra_data: dict[str, Any] | None = None

    def activities(self) -> Iterator[Activity]:
        """Yield the last time of each thing that the account ever did."""
        if self.last_activity is not None:
            yield Activity(self.id, ActivityEventType.LAST_ACTIVITY, self.last_activity)

        if self.last_login is not None:
            yield Activity(self.id, ActivityEventType.LAST_LOGIN, self.last_login)


class Resource(NamedTuple):
    """Something that access is granted to; it may lie within another resource."""

    id: str
    type_id: str
    label: str
    parent_id: str | None = None


class Entitlement(NamedTuple):
    """One kind of access to one resource.

    A new account gets each entitlement that is the default, unless it gets another one in the
    same slot. What is not assignable is neither given nor taken by hand.
    """

    id: str
    type_id: str
    resource_id: str
    label: str
    is_default: bool = False
    is_assignable: bool = True

    @property
    def slot(self) -> tuple[str, str]:
        """Where `min` and `max` of the type count: one type on one resource."""
        return self.resource_id, self.type_id


class Grant(NamedTuple):
    """An account holds an entitlement on a resource."""

    account_id: str
    resource_id: str
    entitlement_id: str

    @classmethod
    def of(cls, account_id: str, entitlement: Entitlement) -> "Grant":
        """Return the grant of an entitlement to an account."""
        return cls(account_id, entitlement.resource_id, entitlement.id)
