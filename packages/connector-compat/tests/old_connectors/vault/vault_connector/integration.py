"""The declaration of the connector, and its capabilities."""

from pydantic import BaseModel

from connector import generated
from connector.generated import (
    AccountStatus,
    AppCategory,
    DeactivateAccountRequest,
    DeactivateAccountResponse,
    DeactivatedAccount,
    ErrorCode,
    StandardCapabilityName,
)
from connector.oai.capability import Empty, extra_data
from connector.oai.errors import ConnectorError
from connector.oai.integration import CapabilityMetadata, DescriptionData, Integration
from connector.shared_types import RawDataType
from connector.utils.account import full_name
from vault_connector.__about__ import __version__
from vault_connector.client import AdminClient, ReaderClient
from vault_connector.credentials import CREDENTIALS, VaultSettings
from vault_connector.errors import HANDLERS, SealedError

integration = Integration(
    app_id="vault",
    version=__version__,
    credentials=CREDENTIALS,
    settings_model=VaultSettings,
    exception_handlers=HANDLERS,
    description_data=DescriptionData(
        user_friendly_name="Vault", categories=[AppCategory.IT_AND_SECURITY]
    ),
)


class CountKeysRequest(generated.ListAccountsRequest):
    """A request of the connector's own."""

    request: Empty  # type: ignore[assignment]


class KeyCount(BaseModel):
    """How many keys there are."""

    count: int


class CountKeysResponse(BaseModel):
    """A response of the connector's own."""

    response: KeyCount
    raw_data: RawDataType | None = None


async def list_accounts(args: generated.ListAccountsRequest) -> generated.ListAccountsResponse:
    """List who may open the vault."""
    async with ReaderClient(args) as client:
        response = await client._http_client.get("/keepers")
        response.raise_for_status()
        keepers = response.json()

    raw_data: RawDataType | None = {"/keepers": keepers} if args.include_raw_data else None
    return generated.ListAccountsResponse(
        response=[
            generated.FoundAccountData(
                integration_specific_id=keeper["id"],
                given_name=keeper["first"],
                family_name=keeper["last"],
                username=full_name(keeper["first"], keeper["last"]),
                extra_data=extra_data({"keys": keeper.get("keys"), "badge": keeper.get("badge")}),
            )
            for keeper in keepers["keepers"]
        ],
        raw_data=raw_data,
    )


async def deactivate_account(args: DeactivateAccountRequest) -> DeactivateAccountResponse:
    """Take somebody's keys."""
    if not args.request.account_id.startswith("k-"):
        raise ConnectorError(
            message=f"No keeper has an id such as {args.request.account_id}",
            error_code=ErrorCode.BAD_REQUEST,
            app_error_code="vault.odd_id",
        )

    async with AdminClient(args) as client:
        response = await client._http_client.delete(f"/keepers/{args.request.account_id}/keys")
        if response.text == "sealed":
            raise SealedError("opens at noon")

        response.raise_for_status()

    return DeactivateAccountResponse(
        response=DeactivatedAccount(deactivated=True, status=AccountStatus.INACTIVE)
    )


integration.register_capabilities(
    {
        StandardCapabilityName.LIST_ACCOUNTS: (
            list_accounts,
            CapabilityMetadata(display_name="List keepers", description="Who may open the vault."),
        ),
        StandardCapabilityName.DEACTIVATE_ACCOUNT: deactivate_account,
    }
)


@integration.register_custom_capability("count_keys", description="How many keys there are.")
async def count_keys(args: CountKeysRequest) -> CountKeysResponse:
    """Count the keys."""
    async with ReaderClient(args) as client:
        response = await client._http_client.get("/keys")
        response.raise_for_status()

    return CountKeysResponse(response=KeyCount(count=len(response.json()["keys"])))
