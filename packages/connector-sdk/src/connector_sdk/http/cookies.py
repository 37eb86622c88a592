"""The cookies of one client."""

import httpx


class ClientCookies(httpx.Cookies):
    """Cookies that look at a response only if it sets any.

    httpx hands every response to the standard library's cookie jar, which takes a tenth of the
    time of a whole request on loopback; hardly any API sets cookies.
    """

    def extract_cookies(self, response: httpx.Response) -> None:
        """Keep the cookies that a response sets."""
        if any(name.lower() == b"set-cookie" for name, _ in response.headers.raw):
            super().extract_cookies(response)
