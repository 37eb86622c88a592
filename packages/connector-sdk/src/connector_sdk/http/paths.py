"""Paths of URLs, from parts that came with a request."""

from urllib.parse import quote

from connector_sdk.errors import ConnectorError
from connector_sdk.models.errors import ErrorCode

NAVIGATION = ("", ".", "..")
"""Segments that lead elsewhere than to what they name, encoded or not (RFC 3986, 5.2.4)."""


def url_path(*segments: str) -> str:
    """Return a path of these segments, each encoded, such as `/users/a%2Fb` for `users` and `a/b`.

    An identifier from a request so stays one segment, and cannot make `DELETE /groups/7/members/..`
    of a request to delete a member.

    Parameters:
        segments: the path's parts; what is in them is data.

    Raises:
        ConnectorError: `bad_request`, for a segment that is empty, `.` or `..`.
    """
    if any(segment in NAVIGATION for segment in segments):
        raise ConnectorError(
            message="an identifier in the request is empty, or dots only; it names nothing",
            error_code=ErrorCode.BAD_REQUEST,
        )

    return "".join(f"/{quote(segment, safe='')}" for segment in segments)
