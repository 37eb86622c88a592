"""What holds for every connector, checked of this one with a real server."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from connector_sdk.testing import connector_checks
from ldap_connector.integration import integration

pytestmark = pytest.mark.slow  # its tests call each capability in many ways

ADMIN = {"username": "cn=admin,dc=example,dc=com", "password": "a-password-of-the-admin"}
GRANT = {
    "account_integration_specific_id": "no-id",
    "resource_integration_specific_id": "no-id",
    "resource_type": "group",
    "entitlement_type": "membership",
    "entitlement_integration_specific_id": "no-id",
}
SETTINGS = {
    "host": "127.0.0.1",
    "encryption": "none",
    "base_dn": "dc=example,dc=com",
    "page_size": 2,
    "custom_attributes": ["title"],
}
"""The port is set when the server listens: it is known no sooner."""


@pytest.fixture(scope="module", autouse=True)
def _directory(
    start_slapd: Callable[..., Any],
    make_tenant: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Five accounts, of which two are in one of two groups."""
    with start_slapd(tmp_path_factory.mktemp("checks")) as server:
        SETTINGS["port"] = server.port
        tenant = make_tenant(server)
        tenant.modify(
            "\n".join(
                f"dn: uid=user{number},BASE\nobjectClass: inetOrgPerson\ncn: A\nsn: B\ntitle: C\n"
                for number in range(5)
            )
        )
        tenant.modify(
            "dn: cn=staff,BASE\nobjectClass: groupOfNames\nmember: uid=user0,BASE\n"
            "member: uid=user1,BASE\n\n"
            "dn: cn=guests,BASE\nobjectClass: posixGroup\ngidNumber: 7\n"
        )
        yield


TestConnectorChecks = connector_checks(
    integration,
    connection={
        "auth": {"basic": ADMIN},
        "settings": SETTINGS,
    },
    payloads={"assign_entitlement": GRANT, "unassign_entitlement": GRANT},
    items={
        "list_accounts": 5,
        "list_resources": 2,
        "list_entitlements": 2,
        "find_entitlement_associations": 2,
        "get_last_activity": 0,
        "list_custom_attributes_schema": 1,
    },
    offline=list(integration.capabilities),  # the app that it needs does not speak HTTP
)
