"""The predecessor's HTTP server, here for its imports: its functions say what to use instead."""

from typing import Any, NoReturn

from connector._explanations import GoneError
from connector_sdk import Integration

__all__ = [
    "collect_integration_routes",
    "create_app",
    "create_req_handler",
    "load_integration",
    "runserver",
]

INSTEAD = (
    "the server is no FastAPI application; start it with `<connector> dev http-server`, or mount "
    "`await integration.dispatch(name, body)` in an application of your own"
)


def create_req_handler(
    capability: str,
    integration: Integration,
    use_proxy: bool = False,
) -> NoReturn:
    """Say what to use instead."""
    raise GoneError(f"{__name__}.create_req_handler", INSTEAD)


def collect_integration_routes(
    integration: Integration,
    prefix_app_id: bool = False,
    use_proxy: bool = False,
) -> NoReturn:
    """Say what to use instead."""
    raise GoneError(f"{__name__}.collect_integration_routes", INSTEAD)


def create_app() -> Any:
    """Say what to use instead."""
    raise GoneError(f"{__name__}.create_app", INSTEAD)


def load_integration(integration_id: str) -> NoReturn:
    """Say what to use instead."""
    raise GoneError(f"{__name__}.load_integration", "import the connector's module")


def runserver(
    port: int,
    integration: Integration,
    reload: bool = False,
    use_proxy: bool = False,
) -> NoReturn:
    """Say what to use instead."""
    raise GoneError(f"{__name__}.runserver", INSTEAD)
