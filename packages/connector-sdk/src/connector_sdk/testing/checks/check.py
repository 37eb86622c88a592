"""A check as data, and how checks become tests that pytest finds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from connector_sdk.testing.checks.subject import Subject

Samples = Mapping[str, Any]
"""What a check is carried out with, one test for each, by the test's id."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that holds for every connector."""

    name: str
    """The test's name behind `test_`."""

    run: Callable[[Subject, Any], None]
    """Carries it out with one sample; raises AssertionError where it does not hold."""

    samples: Callable[[Subject], Samples] = lambda _: {"connector": None}
    """The samples of a connector; a check without any has no test."""


def make_tests(subject: Subject, checks: Iterable[Check]) -> type:
    """Return a class with a test method for each check, parametrized with its samples."""
    methods = {}
    for check in checks:
        samples = check.samples(subject)
        if samples:
            methods[f"test_{check.name}"] = _method(subject, check, samples)

    return type("ConnectorChecks", (), methods)


def _method(subject: Subject, check: Check, samples: Samples) -> Any:
    def method(_self: object, sample: Any) -> None:
        check.run(subject, sample)

    method.__name__ = f"test_{check.name}"
    method.__doc__ = check.run.__doc__
    return pytest.mark.parametrize("sample", list(samples.values()), ids=list(samples))(method)
