"""What a failed HTTP call is called."""

__all__ = ["http_error_message"]


def http_error_message(url: str, status_code: int) -> str:
    """Return httpx's own words for a failed call: `str()` of its `HTTPStatusError`.

    The reply to a platform says `[status][url without query] body` in their place, unless the
    connector's `exception_handlers` have another handler for it.

    Parameters:
        url: the URL that was called.
        status_code: the status, from 300 on; of one that is no failure, the text is empty.
    """
    from connector_sdk.http import AsyncClient, Response

    request = AsyncClient().build_request("GET", url)
    try:
        Response(status_code, request=request).raise_for_status()
    except Exception as error:  # noqa: BLE001 # httpx's only one, which is not imported for its name
        return str(error)

    return ""
