"""How a company comes to be: the same from the same seed, on every machine, at any time."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product
from random import Random
from typing import NamedTuple, TypeVar

from connector_sdk.models import AccountStatus, AccountType
from mock_connector.access_types import GROUP, ORGANIZATION, PROJECT
from mock_connector.company import Company, new_account_id
from mock_connector.records import Account, Grant
from mock_connector.structure import (
    ADMINISTRATOR,
    COMPANY,
    EVERYONE,
    LEAD,
    LICENCES,
    MEMBER,
    PERMISSIONS,
    PROJECTS,
    TEAMS,
    entitlement_id,
    entitlements,
    resource_id,
    resources,
)

YESTERDAY = datetime(2026, 1, 1, tzinfo=UTC)
"""The day before every company's today, whatever the clock says."""

EMAIL_DOMAIN = "example.com"
"""A domain reserved for examples (RFC 2606, section 3): no mail reaches anyone."""

TEAM_SIZE = 12
"""People in a team. The first of them leads it; the lead of the first team, the department."""

GIVEN_NAMES = (
    *("Ada", "Amara", "Anaïs", "Björn", "Chidi", "Dalia", "Elif", "Farid", "Gül", "Hana"),
    *("Inés", "Jürgen", "Kenji", "Lucía", "Mateo", "Nadia", "Oskar", "Priya", "Renée"),
    *("Sören", "Tariq", "Uma", "Wanda", "Zoë"),
)
FAMILY_NAMES = (
    *("Abadi", "Beck", "Castro", "Dvořák", "Eriksen", "Fontaine", "Gómez", "Haddad", "Ito"),
    *("Jansen", "Kovács", "Lindqvist", "Mbeki", "Novák", "Okafor", "Petrov", "Quispe", "Rossi"),
    *("Šimić", "Tanaka", "Usman", "Varga", "Weber", "Zhou"),
)
"""Names that are ASCII once their accents are gone, because user names are made from them."""

SERVICES = (
    *("backup", "billing", "builds", "calendar", "deployment", "directory"),
    *("indexing", "mail", "metrics", "printing", "search", "telephony"),
)
"""What runs under an account that belongs to no person."""

JOB_TITLES = ("Analyst", "Assistant", "Consultant", "Coordinator", "Specialist")

STATUSES = (
    *[AccountStatus.ACTIVE] * 17,
    *[AccountStatus.SUSPENDED] * 2,
    AccountStatus.PENDING,
)
"""Each status as often as it occurs among twenty people."""

ROLES = (*[MEMBER] * 19, ADMINISTRATOR)
"""Each role as often as it occurs among twenty people."""

LICENCES_HELD = ((), *[(licence,) for licence in LICENCES])
"""What an account may hold of the licences: none, or one."""

ALL_PROJECTS = (*PROJECTS, *(inner for within in PROJECTS.values() for inner in within))

_Option = TypeVar("_Option")

_Right = tuple[str, str]
"""The IDs of a resource and of an entitlement on it."""


def found_company(seed: int) -> Company:
    """Return the company that the seed stands for, as it is before any change."""
    dice = _Dice(seed)
    newcomers = [*_people(dice), *_services(dice)]
    all_resources = list(resources())
    return Company(
        resources=all_resources,
        entitlements=entitlements(all_resources),
        accounts=[account for account, _ in newcomers],
        grants=[Grant(account.id, *right) for account, rights in newcomers for right in rights],
    )


class _Dice:
    """Chance that falls the same way for the same seed.

    Of a seeded generator only `random()` gives the same numbers in every version of Python
    (documentation of `random`, "Notes on Reproducibility"), so all else is made from it.
    """

    def __init__(self, seed: int) -> None:
        self._roll = Random(seed).random

    def pick(self, options: Sequence[_Option]) -> _Option:
        """Return one of the options."""
        return options[int(self._roll() * len(options))]

    def shuffle(self, options: Iterable[_Option]) -> list[_Option]:
        """Return the options in another order."""
        return sorted(options, key=lambda _: self._roll())

    def minutes(self, *, most: int) -> timedelta:
        """Return a span of time of less than `most` minutes."""
        return timedelta(minutes=int(self._roll() * most))


class _Seat(NamedTuple):
    """A place in the company that one person takes."""

    department: str
    team: str
    led_groups: tuple[str, ...] = ()
    manager_distance: int = 0
    """How many seats earlier the manager sits; 0 for the head of a department."""


def _seats() -> Iterator[_Seat]:
    for department, teams in TEAMS.items():
        for rank, team in enumerate(teams):
            led_groups = (team,) if rank else (team, department)
            yield _Seat(department, team, led_groups, manager_distance=rank * TEAM_SIZE)
            for distance in range(1, TEAM_SIZE):
                yield _Seat(department, team, manager_distance=distance)


def _people(dice: _Dice) -> Iterator[tuple[Account, list[_Right]]]:
    names = dice.shuffle(product(GIVEN_NAMES, FAMILY_NAMES))
    for number, (seat, name) in enumerate(zip(_seats(), names, strict=False), start=1):
        yield _person(number, seat, name, dice), _rights(seat, dice)


def _person(number: int, seat: _Seat, name: tuple[str, str], dice: _Dice) -> Account:
    given_name, family_name = name
    username = f"{_without_accents(given_name)}.{_without_accents(family_name)}"
    manager_number = number - seat.manager_distance
    status = dice.pick(STATUSES)
    last_login = None if status is AccountStatus.PENDING else _login(dice)
    return Account(
        id=new_account_id(number),
        account_type=AccountType.USER,
        status=status,
        username=username,
        email=f"{username}@{EMAIL_DOMAIN}",
        given_name=given_name,
        family_name=family_name,
        department=seat.department,
        job_title="Lead" if seat.led_groups else dice.pick(JOB_TITLES),
        manager_id=new_account_id(manager_number) if manager_number < number else None,
        last_login=last_login,
        last_activity=last_login and last_login + dice.minutes(most=8 * 60),
    )


def _rights(seat: _Seat, dice: _Dice) -> list[_Right]:
    projects = {dice.pick(ALL_PROJECTS): None for _ in range(dice.pick(range(4)))}
    return [
        *_rights_of_all(dice),
        *[_right(ORGANIZATION.type_id, COMPANY, name) for name in dice.pick(LICENCES_HELD)],
        *[_right(GROUP.type_id, label, MEMBER) for label in (seat.department, seat.team)],
        *[_right(GROUP.type_id, label, LEAD) for label in seat.led_groups],
        *[
            _right(PROJECT.type_id, each, dice.pick(PERMISSIONS))
            for each in dict.fromkeys(projects)
        ],
    ]


def _services(dice: _Dice) -> Iterator[tuple[Account, list[_Right]]]:
    people = TEAM_SIZE * sum(map(len, TEAMS.values()))
    for number, service in enumerate(SERVICES, start=people + 1):
        account = Account(
            id=new_account_id(number),
            account_type=AccountType.SERVICE,
            status=AccountStatus.ACTIVE,
            username=f"service-{service}",
            last_activity=_login(dice),
        )
        yield account, _rights_of_all(dice)


def _rights_of_all(dice: _Dice) -> list[_Right]:
    return [
        _right(GROUP.type_id, EVERYONE, MEMBER),
        _right(ORGANIZATION.type_id, COMPANY, dice.pick(ROLES)),
    ]


@cache
def _right(type_id: str, label: str, name: str) -> _Right:
    on = resource_id(type_id, label)
    return on, entitlement_id(on, name)


def _login(dice: _Dice) -> datetime:
    """Return a moment of the half year that ended yesterday."""
    return YESTERDAY - dice.minutes(most=180 * 24 * 60)


@cache
def _without_accents(name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
