"""What holds for every connector, checked of this one."""

from connector_sdk.testing import connector_checks
from mock_connector.integration import integration

TestConnectorChecks = connector_checks(
    integration,
    connection={
        "auth": {"basic": {"username": "foo", "password": "sample-password"}},
        "settings": {"host": "checks.example.com"},
    },
    payloads={"get_last_activity": {"account_ids": ["account-00001", "account-00002"]}},
    items={
        "find_entitlement_associations": 1378,
        "get_last_activity": 4,
        "list_accounts": 228,
        "list_custom_attributes_schema": 3,
        "list_entitlements": 93,
        "list_resources": 39,
    },
    offline=list(integration.capabilities),
)
