"""A connector whose capabilities make no request: what is measured is the way to them and back."""

from bench_connector.names import (
    AccountStatus,
    AppCategory,
    ConnectorError,
    DescriptionData,
    ErrorCode,
    FoundAccountData,
    Integration,
    ListAccountsRequest,
    ListAccountsResponse,
    StandardCapabilityName,
    TokenCredential,
    ValidateCredentialsRequest,
    ValidateCredentialsResponse,
)

PREBUILT = "prebuilt"
"""Page token that asks for a list that was built at the first such call of its size."""

integration = Integration(
    app_id="bench",
    version="1.0.0",
    auth=TokenCredential,
    exception_handlers=[],
    description_data=DescriptionData(user_friendly_name="Bench", categories=[AppCategory.INTERNAL]),
)
prebuilt: dict[int, ListAccountsResponse] = {}


@integration.register_capability(StandardCapabilityName.LIST_ACCOUNTS)
async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    """List as many accounts as the page is to have; none without a page."""
    page = args.page
    if page is None or page.size is None:
        return ListAccountsResponse(response=[], raw_data=None)

    if page.token != PREBUILT:
        return build(page.size)

    if page.size not in prebuilt:
        prebuilt[page.size] = build(page.size)

    return prebuilt[page.size]


@integration.register_capability(StandardCapabilityName.VALIDATE_CREDENTIALS)
async def validate_credentials(args: ValidateCredentialsRequest) -> ValidateCredentialsResponse:  # noqa: ARG001 # a capability's signature
    """Fail."""
    raise ConnectorError(
        message="the app has no tenant of this name", error_code=ErrorCode.NOT_FOUND
    )


def build(size: int) -> ListAccountsResponse:
    """Build a list of accounts."""
    return ListAccountsResponse(
        response=[
            FoundAccountData(
                integration_specific_id=str(number),
                email=f"user-{number}@example.com",
                given_name="Ada",
                family_name="Lovelace",
                username=f"user-{number}",
                user_status=AccountStatus.ACTIVE,
            )
            for number in range(size)
        ],
        raw_data=None,
    )
