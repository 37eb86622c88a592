"""In what services differ from RFC 7643 and RFC 7644, as data: a profile for each kind."""

from dataclasses import dataclass
from typing import Literal

Pages = Literal["index", "cursor"]
"""How lists are read."""

Memberships = Literal["cheaper", "filter"]
"""How memberships are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """What a service does otherwise; the defaults are what the RFCs say.

    Parameters:
        pages: whether lists are read by index (RFC 7644, 3.4.2.4) or by cursor (RFC 9865).
        largest_page: resources on a page at the most; None where the service says nothing.
        projects: whether `attributes` and `excludedAttributes` may be sent (RFC 7644, 3.4.2.5).
        replace_path: whether PATCH replaces a value by its path; otherwise by an object that has
            the attribute, which is the RFC's other form (RFC 7644, 3.5.2.3).
        removal: how PATCH removes one of several values: by a path with a `filter`, as the RFC
            has it (RFC 7644, 3.5.2.2), or by a plain path and the `value`.
        memberships: from `members` of groups or `groups` of users, whichever is cheaper; or, where
            neither is shown, by a `filter` for the users of a group.
        media_type: the type of the bodies that are sent (RFC 7644, 8.1).
    """

    pages: Pages = "index"
    largest_page: int | None = None
    projects: bool = True
    replace_path: bool = True
    removal: Literal["filter", "value"] = "filter"
    memberships: Memberships = "cheaper"
    media_type: str = "application/scim+json"


PROFILES = {
    "generic": Quirks(),
    "aws_identity_center": Quirks(
        pages="cursor",
        largest_page=100,
        projects=False,
        memberships="filter",
        media_type="application/json",
    ),
    "cursor_pages": Quirks(pages="cursor"),
    "made_for_entra_id": Quirks(removal="value"),
    "made_for_okta": Quirks(replace_path=False),
}
"""The quirks by the name of the profile."""
