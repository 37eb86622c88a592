"""Types of the test kit."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from connector_sdk.testing import Answer as RequestHandler
from connector_sdk.testing import MockedResponse

__all__ = ["ClientContextManager", "MockedResponse", "RequestHandler", "ResponseBodyMap"]

ResponseBodyMap = dict[str, dict[str, MockedResponse]] | None
"""Responses by HTTP method, then by path or URL."""

ClientContextManager = Callable[[str, str, RequestHandler], AbstractContextManager[None]]
"""Opens a client whose requests a function answers."""
