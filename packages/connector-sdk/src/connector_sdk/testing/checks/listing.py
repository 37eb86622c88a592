"""Checks of lists that come in pages."""

import json
from collections import Counter

from connector_sdk.standard import STANDARD_CAPABILITIES
from connector_sdk.testing.checks.check import Check, Samples
from connector_sdk.testing.checks.subject import Subject

MOST_PAGES = 1000
"""A list with more pages than this in a test goes round in circles."""


def paging_yields_each_item_once(subject: Subject, capability: str) -> None:
    """A list ends after finitely many pages, on which each item of the app stands once."""
    assert capability in subject.items, (
        f"say how many items {capability} lists: connector_checks(items={{{capability!r}: …}})"
    )
    items: list[str] = []
    tokens: list[str] = []
    page = None
    with subject.answering():
        while True:
            reply = subject.call(capability, page=page)
            assert not reply.get("is_error"), reply
            items += (json.dumps(item, sort_keys=True) for item in reply["response"])
            page = reply["page"]
            if page is None or page["token"] is None:
                break

            assert page["token"] not in tokens, "a page token leads back to a page that was read"
            tokens.append(page["token"])
            assert len(tokens) < MOST_PAGES, "the list does not end"

    twice = [item for item, count in Counter(items).items() if count > 1]
    assert not twice, "items that stand on more than one page, or twice on one"
    assert len(items) == subject.items[capability]


def lists(subject: Subject) -> Samples:
    """Return the capabilities that list something."""
    return {
        name: name
        for name in subject.capabilities
        if any(row.paginated for key, row in STANDARD_CAPABILITIES.items() if key.value == name)
    }


LISTING = (
    Check(name="paging_yields_each_item_once", run=paging_yields_each_item_once, samples=lists),
)
"""Lists and their pages."""
