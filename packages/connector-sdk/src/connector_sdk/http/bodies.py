"""Finding one's way in a JSON body whose shape the app chose."""

from typing import Any

import httpx

from connector_sdk.http.responses import invalid_response


def json_of(response: httpx.Response) -> Any:
    """Return the body of a successful response as JSON.

    Raises:
        httpx.HTTPStatusError: the status says that the request failed.
        InvalidResponseError: the body is not JSON.
    """
    response.raise_for_status()
    try:
        return response.json()
    except (ValueError, RecursionError):
        raise invalid_response(response, "is not JSON") from None


def find(body: Any, path: str) -> Any:
    """Return what stands at a place in a body; None if there is nothing.

    Parameters:
        body: a JSON value.
        path: keys with dots between them, such as `meta.next`; a key that has dots itself, such as
            `@odata.nextLink`, is found as it is.
    """
    if not isinstance(body, dict):
        return None

    if path in body:
        return body[path]

    key, _, rest = path.partition(".")
    return find(body.get(key), rest) if rest else None
