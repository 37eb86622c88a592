"""In what services differ from RFC 7643 and RFC 7644, as data: a profile for each service."""

from dataclasses import dataclass
from typing import Literal

Memberships = Literal["cheaper", "members", "groups", "filter"]
"""Where memberships are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """What one service does otherwise; the defaults are what the RFCs say.

    Parameters:
        pages: whether lists are read by index (RFC 7644, 3.4.2.4) or by cursor (RFC 9865).
        largest_page: resources on a page at the most; None where the service says nothing.
        sends_count: whether `count` may be sent (RFC 7644, 3.4.2.4).
        has_total: whether `totalResults` is the number of all resources, and not of this page's.
        filters: whether `filter` is supported (RFC 7644, 3.4.2.2).
        excludes: whether `attributes` and `excludedAttributes` may be sent (RFC 7644, 3.4.2.5).
        patches: whether PATCH is tried at all (RFC 7644, 3.5.2).
        patch_path: whether a PATCH operation that replaces a value has a path; otherwise its value
            is an object that has the attribute.
        removal: how PATCH removes one of several values: by a path with a `filter`, as the RFC
            has it, or by a plain path and the `value`.
        memberships: where memberships are read: from `members` of groups; from `groups` of users;
            by a `filter` for the groups of each user; or from the cheaper of the first two, if the
            service has both.
        media_type: the type of the bodies that are sent (RFC 7644, 8.1).
    """

    pages: Literal["index", "cursor"] = "index"
    largest_page: int | None = None
    sends_count: bool = True
    has_total: bool = True
    filters: bool = True
    excludes: bool = True
    patches: bool = True
    patch_path: bool = True
    removal: Literal["filter", "value"] = "filter"
    memberships: Memberships = "cheaper"
    media_type: str = "application/scim+json"


PROFILES = {
    "generic": Quirks(),
    "canaille": Quirks(sends_count=False, filters=False),
}
"""The quirks by the name of the profile."""
