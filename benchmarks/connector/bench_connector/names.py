"""The names a connector needs, from this project's packages or else from the predecessor's."""

from typing import TYPE_CHECKING

try:
    import connector_sdk  # noqa: F401 # whether it is there

    OURS = True
except ModuleNotFoundError:
    OURS = False

if TYPE_CHECKING or OURS:
    from connector_sdk import ConnectorError, DescriptionData, Integration
    from connector_sdk.models import (
        AccountStatus,
        AppCategory,
        ErrorCode,
        FoundAccountData,
        ListAccountsRequest,
        ListAccountsResponse,
        StandardCapabilityName,
        TokenCredential,
        ValidateCredentialsRequest,
        ValidateCredentialsResponse,
    )
else:
    from connector.generated import (
        AccountStatus,
        AppCategory,
        ErrorCode,
        FoundAccountData,
        ListAccountsRequest,
        ListAccountsResponse,
        StandardCapabilityName,
        TokenCredential,
        ValidateCredentialsRequest,
        ValidateCredentialsResponse,
    )
    from connector.oai.errors import ConnectorError
    from connector.oai.integration import DescriptionData, Integration

__all__ = [
    "OURS",
    "AccountStatus",
    "AppCategory",
    "ConnectorError",
    "DescriptionData",
    "ErrorCode",
    "FoundAccountData",
    "Integration",
    "ListAccountsRequest",
    "ListAccountsResponse",
    "StandardCapabilityName",
    "TokenCredential",
    "ValidateCredentialsRequest",
    "ValidateCredentialsResponse",
]
