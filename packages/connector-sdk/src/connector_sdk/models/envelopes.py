"""Envelopes: what stands around each request and response.

The envelopes here have any payload. Those of the standard capabilities, beside their payloads
in the modules of their subjects, override the payload's type and nothing else; those of a
custom capability are made in the same way::

    class CountSeatsRequest(AuthenticatedRequest):
        request: CountSeats = Field(description="Which plan's seats to count.")
"""

from typing import Any

from pydantic import Field, StrictBool, StrictInt, StrictStr

from connector_sdk.models.base import WireModel
from connector_sdk.models.credentials import AuthCredential


class Page(WireModel):
    """A place in a list that is read page by page."""

    token: StrictStr | None = Field(
        default=None,
        description=(
            "Page token: in a request the page to read, the first if null; in a response the"
            " next page, null after the last."
        ),
    )
    size: StrictInt | None = Field(
        default=None,
        description="Number of items wanted on a page; the connector's choice if null.",
    )


class RequestEnvelope(WireModel):
    """A request to a capability, as far as all requests are alike."""

    request: Any = Field(description="Payload: what the capability is asked to do.")
    include_raw_data: StrictBool | None = Field(
        default=None,
        description="Whether the response should bring the app's own replies in `raw_data`.",
    )
    page: Page | None = Field(
        default=None,
        description="Which page of a list to return; the first if null.",
    )
    settings: dict[str, Any] | None = Field(
        default=None,
        description="The tenant's settings, in the form of the connector's settings model.",
    )


class _Connection(WireModel):
    auth: AuthCredential | None = Field(
        default=None,
        description="The credential, if the connector declares one; not with `credentials`.",
    )
    credentials: list[AuthCredential] | None = Field(
        default=None,
        description="The credentials, each with its `id`, if the connector declares several.",
    )


class AuthenticatedRequest(RequestEnvelope, _Connection):
    """A request to a capability that calls the app on behalf of the tenant."""

    # The fields of the last base come first: `auth` and `credentials` lead on the wire.


class ResponseEnvelope(WireModel):
    """A successful response of a capability."""

    response: Any = Field(description="Payload: what the capability found or did.")
    raw_data: Any = Field(
        default=None,
        description="The app's own replies, unaltered, if the request asked for them.",
    )
    page: Page | None = Field(
        default=None,
        description="Where the list goes on; null, or without a token, at its end.",
    )
