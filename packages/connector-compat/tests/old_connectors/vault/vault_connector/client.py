"""The clients of the app's API: one to read, one to change."""

from typing import Any

from connector.generated import TokenCredential
from connector.httpx_rewrite import AsyncClient
from connector.oai.base_clients import BaseIntegrationClient
from connector.oai.capability import Request, get_credential, get_settings
from vault_connector.credentials import AdminCredential, VaultSettings


class ReaderClient(BaseIntegrationClient):
    """The app, for who reads."""

    @classmethod
    def prepare_client_args(cls, args: Request) -> dict[str, Any]:
        """Say where the app is, and who calls."""
        settings = get_settings(args, VaultSettings)
        token = get_credential(args, "reader", TokenCredential).token
        return {
            "base_url": f"https://{settings.region}.vault.example",
            "headers": {"X-Key": token, "X-Build": settings.build},
        }


class AdminClient(BaseIntegrationClient):
    """The app, for who changes."""

    @classmethod
    def build_client(cls, args: Any) -> AsyncClient:
        """Make the client without the help of the base class."""
        settings = get_settings(args, VaultSettings)
        admin = get_credential(args, "admin", AdminCredential)
        return AsyncClient(
            base_url=f"https://{settings.region}.vault.example",
            auth=(admin.username, admin.password),
            headers={"X-Pin": admin.pin},
        )
