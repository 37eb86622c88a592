"""Where the companies live: the one place with state, a company for each tenant.

A connector keeps nothing between calls; its app does. This connector brings its app along, so
the state is here: in memory, until the process ends.
"""

from functools import lru_cache
from threading import Lock

from mock_connector.company import Company
from mock_connector.settings import MockSettings

MAX_COMPANIES = 64
"""How many companies are kept. The one that is unused for longest is forgotten with its changes."""

_LOCK = Lock()
"""Held while a company is looked up, else two calls at once could found it twice."""


def company_of(settings: MockSettings) -> Company:
    """Return the tenant's company, founded by its first call.

    Parameters:
        settings: tell the tenants apart. Another seed is another company, on the same host too.
    """
    with _LOCK:
        return _company(settings.host, settings.seed)


@lru_cache(maxsize=MAX_COMPANIES)
def _company(host: str, seed: int) -> Company:  # noqa: ARG001 - the host is part of the key
    # Here, because a call that asks for no data does not pay for making it.
    from mock_connector.founding import found_company

    return found_company(seed)
