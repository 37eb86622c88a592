"""The company: the rules by which what it keeps is read and changed.

This module stands where a real connector has its client and the app behind it.
"""

from collections import Counter
from collections.abc import Iterable
from threading import Lock
from typing import Any

from connector_sdk.models import AccountStatus, AccountType
from mock_connector.access_types import ENTITLEMENT_TYPES
from mock_connector.records import Account, Entitlement, Grant, Resource
from mock_connector.refusals import NotAllowed, NotFound

ACCOUNT_LIMIT = 10_000
"""How many accounts a company has at most, so that it stays small in a long-lived process."""

_TYPES = {each.type_id: each for each in ENTITLEMENT_TYPES}


class Company:
    """One tenant's company; any number of threads may read and change it.

    All that it hands out is immutable. A change happens as a whole, or not at all if it is
    refused.
    """

    def __init__(
        self,
        *,
        resources: Iterable[Resource],
        entitlements: Iterable[Entitlement],
        accounts: Iterable[Account],
        grants: Iterable[Grant],
    ) -> None:
        self._lock = Lock()
        self._resources = {resource.id: resource for resource in resources}
        self._entitlements = {entitlement.id: entitlement for entitlement in entitlements}
        self._accounts = {account.id: account for account in accounts}
        self._grants = set(grants)
        self._accounts_made = len(self._accounts)

    def resources(self) -> list[Resource]:
        """Return all resources, in no particular order."""
        return list(self._resources.values())

    def entitlements(self) -> list[Entitlement]:
        """Return all entitlements, in no particular order."""
        return list(self._entitlements.values())

    def accounts(self) -> list[Account]:
        """Return all accounts, in no particular order."""
        with self._lock:
            return list(self._accounts.values())

    def grants(self) -> list[Grant]:
        """Return who holds what, in no particular order."""
        with self._lock:
            return list(self._grants)

    def entitlement(self, entitlement_id: str) -> Entitlement:
        """Return the entitlement with this ID; raise `NotFound` if there is none."""
        entitlement = self._entitlements.get(entitlement_id)
        if entitlement is None:
            raise NotFound("there is no such entitlement")

        return entitlement

    def resource_of(self, entitlement: Entitlement) -> Resource:
        """Return the resource to which an entitlement gives access."""
        return self._resources[entitlement.resource_id]

    def create_account(
        self,
        *,
        username: str,
        email: str | None,
        given_name: str | None,
        family_name: str | None,
        extra_data: dict[str, Any] | None,
        status: AccountStatus,
        entitlements: Iterable[Entitlement],
    ) -> Account:
        """Make a person's account, which holds these entitlements and the default ones.

        Raises:
            NotAllowed: the user name or the e-mail address is taken, the entitlements contradict
                each other or are not given by hand, or the company is full.
        """
        chosen = set(entitlements)
        _require_assignable(*chosen)
        _require_agreement(chosen)
        with self._lock:
            self._require_room_for(username, email)
            self._accounts_made += 1
            account = Account(
                id=new_account_id(self._accounts_made),
                account_type=AccountType.USER,
                status=status,
                username=username,
                email=email,
                given_name=given_name,
                family_name=family_name,
                extra_data=extra_data,
            )
            self._accounts[account.id] = account
            self._grants.update(Grant.of(account.id, each) for each in self._completed(chosen))
            return account

    def change_status(self, account_id: str, status: AccountStatus) -> Account:
        """Give an account this status; raise `NotFound` if there is no such account."""
        with self._lock:
            account = self._account(account_id)._replace(status=status)
            self._accounts[account_id] = account
            return account

    def delete_account(self, account_id: str) -> None:
        """Remove an account and all that refers to it; raise `NotFound` if there is none.

        Its ID is never used again, so that a repeated call cannot hit another account.
        """
        with self._lock:
            self._account(account_id)
            del self._accounts[account_id]
            self._grants = {grant for grant in self._grants if grant.account_id != account_id}
            for report in [*self._accounts.values()]:
                if report.manager_id == account_id:
                    self._accounts[report.id] = report._replace(manager_id=None)

    def assign(self, account_id: str, entitlement: Entitlement) -> None:
        """Let an account hold an entitlement; if it already does, nothing changes.

        A type of which an account holds at most one is like a field with one value: the new
        entitlement takes the place of the old one.

        Raises:
            NotFound: there is no such account.
            NotAllowed: the entitlement is not given by hand.
        """
        _require_assignable(entitlement)
        with self._lock:
            self._account(account_id)
            if _TYPES[entitlement.type_id].max == 1:
                self._grants -= self._held_in_slot_of(entitlement, account_id)

            self._grants.add(Grant.of(account_id, entitlement))

    def unassign(self, account_id: str, entitlement: Entitlement) -> None:
        """Take an entitlement from an account; if it has it not, nothing changes.

        Raises:
            NotFound: there is no such account.
            NotAllowed: the entitlement is not taken by hand, or the account must hold one of its
                type and has no other.
        """
        _require_assignable(entitlement)
        with self._lock:
            self._account(account_id)
            held = self._held_in_slot_of(entitlement, account_id)
            grant = Grant.of(account_id, entitlement)
            if grant not in held:
                return

            if len(held) <= _TYPES[entitlement.type_id].min:
                raise NotAllowed(
                    "the account must hold an entitlement of this type; assign another one, which"
                    " takes the place of this one"
                )

            self._grants.remove(grant)

    def _completed(self, chosen: set[Entitlement]) -> set[Entitlement]:
        """Return what was chosen and, for slots where nothing was, the default entitlements."""
        filled = {each.slot for each in chosen}
        defaults = (each for each in self._entitlements.values() if each.is_default)
        return chosen.union(each for each in defaults if each.slot not in filled)

    def _account(self, account_id: str) -> Account:
        account = self._accounts.get(account_id)
        if account is None:
            raise NotFound("there is no such account")

        return account

    def _held_in_slot_of(self, entitlement: Entitlement, account_id: str) -> set[Grant]:
        return {
            grant
            for grant in self._grants
            if grant.account_id == account_id
            and self._entitlements[grant.entitlement_id].slot == entitlement.slot
        }

    def _require_room_for(self, username: str, email: str | None) -> None:
        if len(self._accounts) >= ACCOUNT_LIMIT:
            raise NotAllowed("the company has no room for another account; delete one first")

        for account in self._accounts.values():
            if _same(account.username, username):
                raise NotAllowed("the user name is taken; choose another one")

            if _same(account.email, email):
                raise NotAllowed("the e-mail address is taken; choose another one")


def new_account_id(number: int) -> str:
    """Return the ID of the account that was made as the company's number `number`."""
    return f"account-{number:05}"


def _same(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one.lower() == other.lower()


def _require_assignable(*entitlements: Entitlement) -> None:
    if not all(each.is_assignable for each in entitlements):
        raise NotAllowed("the company itself gives and takes this entitlement")


def _require_agreement(entitlements: set[Entitlement]) -> None:
    """Refuse more entitlements in one slot than an account may hold there."""
    for (_, type_id), count in Counter(each.slot for each in entitlements).items():
        most = _TYPES[type_id].max
        if most is not None and count > most:
            raise NotAllowed("an account cannot hold all of these entitlements; choose fewer")
