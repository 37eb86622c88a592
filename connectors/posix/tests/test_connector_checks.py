"""What holds for every connector, checked of this one."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import gettempdir

import pytest

from connector_sdk.testing import connector_checks
from posix_connector.integration import integration

pytestmark = pytest.mark.slow  # its tests call each capability in many ways

ROOT = Path(gettempdir()) / f"posix-connector-checks-{os.getpid()}"
FILES = {
    "passwd": "root:x:0:0::/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n"
    "grace:x:1001:1000::/home/grace:/bin/sh\n",
    "shadow": "root:!:20000::::::\nada:*:20000::::::\ngrace:*:20000::::::\n",
    "group": "root:x:0:\nstaff:x:1000:\nguests:x:1001:ada\n",
    "sudoers": "ada ALL=(ALL) ALL\n",
    "machine-id": "0123456789abcdef0123456789abcdef\n",
}


@pytest.fixture(scope="module", autouse=True)
def _machine() -> Iterator[None]:
    """Three users, three groups, one of the users an administrator."""
    (ROOT / "etc").mkdir(parents=True)
    for name, text in FILES.items():
        (ROOT / "etc" / name).write_text(text, encoding="utf-8")

    yield
    shutil.rmtree(ROOT)


TestConnectorChecks = connector_checks(
    integration,
    connection={"settings": {"root": str(ROOT)}},
    payloads={"get_last_activity": {"account_ids": ["ada"]}},
    items={
        "list_accounts": 3,
        "list_resources": 4,
        "list_entitlements": 4,
        "find_entitlement_associations": 5,
        "get_last_activity": 0,
    },
    offline=list(integration.capabilities),
)
