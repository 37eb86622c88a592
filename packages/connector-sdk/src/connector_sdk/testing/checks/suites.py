"""connector_checks: every suite, for one connector."""

from collections.abc import Collection, Mapping
from typing import Any

from connector_sdk import Integration
from connector_sdk.models import ErrorCode
from connector_sdk.testing.checks.app_errors import APP_ERRORS
from connector_sdk.testing.checks.check import make_tests
from connector_sdk.testing.checks.description import DESCRIPTION
from connector_sdk.testing.checks.listing import LISTING
from connector_sdk.testing.checks.subject import AppFunction, Subject

SUITES = (DESCRIPTION, LISTING, APP_ERRORS)
"""All checks, grouped by their subject."""


def connector_checks(
    integration: Integration,
    *,
    connection: Mapping[str, Any],
    payloads: Mapping[str, Any] | None = None,
    app: AppFunction | None = None,
    items: Mapping[str, int] | None = None,
    offline: Collection[str] = (),
    outcomes: Mapping[tuple[str, str], ErrorCode | None] | None = None,
) -> type:
    """Return ready-made tests of a connector, as a class for pytest to find.

    ```python
    TestChecks = connector_checks(
        integration,
        connection={
            "auth": {"token": {"token": "sample-token"}},
            "settings": {"host": "acme.test"},
        },
        app=lambda request: MockedResponse(200, {"users": [{"id": "1"}, {"id": "2"}]}),
        items={"list_accounts": 2},
    )
    ```

    Parameters:
        integration: the connector.
        connection: what every request carries: `auth` or `credentials`, and `settings`. Sample
            secrets have at least six characters.
        payloads: the `request` of a capability, where one made from its schema does not do.
        app: the app's response to a request, while lists are read; None for a connector that needs
            no app.
        items: how many items each list capability lists, all pages together.
        offline: capabilities that send no request, whatever they are asked.
        outcomes: what a fault of the app leads to, by capability and fault (a key of
            `APP_FAULTS`), where it is not the code of the contract; None for a success, as where a
            404 says that an account is gone already. Of a capability that a module adds to the
            contract's, only what stands here is checked.

    Raises:
        ValueError: a name is not of a registered capability, the connector has none, or a sample
            secret is too short to be recognised.
    """
    subject = Subject(
        integration=integration,
        connection=connection,
        payloads=payloads or {},
        app=app,
        items=items or {},
        offline=offline,
        outcomes=outcomes or {},
    )
    return make_tests(subject, [check for suite in SUITES for check in suite])
