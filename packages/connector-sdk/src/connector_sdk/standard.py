"""The standard capabilities as one table: the door, the spec, help and tests all read it."""

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from connector_sdk import models
from connector_sdk.models import StandardCapabilityName

if TYPE_CHECKING:
    from connector_sdk.models.envelopes import RequestEnvelope, ResponseEnvelope


class CapabilityCategory(str, Enum):
    """What a capability is for."""

    INFO = "info"
    READ = "read"
    WRITE = "write"
    OAUTH = "oauth"
    CUSTOM = "custom"
    """A connector's own; no standard capability has it."""


@dataclass(frozen=True, slots=True)
class StandardCapability:
    """What the contract says of one standard capability.

    Models are given by name, and imported when they are asked for: a process that answers one
    call needs two of them.
    """

    response: str
    category: CapabilityCategory
    description: str
    request: str | None = None
    paginated: bool = False
    """Whether the payload of the response is a list that comes in pages."""

    registerable: bool = True
    """Whether a connector can register a function for it."""

    @property
    def request_model(self) -> "type[RequestEnvelope] | None":
        """The envelope that a request must fit; `info` has none."""
        return None if self.request is None else getattr(models, self.request)

    @property
    def response_model(self) -> "type[ResponseEnvelope]":
        """The envelope of a success reply."""
        model: type[ResponseEnvelope] = getattr(models, self.response)
        return model


STANDARD_CAPABILITIES = {
    StandardCapabilityName.INFO: StandardCapability(
        response="InfoResponse",
        category=CapabilityCategory.INFO,
        description="Describe the connector: its capabilities, types, authentication and settings.",
        registerable=False,
    ),
    StandardCapabilityName.CONNECTED_INFO: StandardCapability(
        request="GetConnectedInfoRequest",
        response="GetConnectedInfoResponse",
        category=CapabilityCategory.READ,
        description="Describe the connector as one connection sees it; nothing answers it yet.",
        registerable=False,
    ),
    StandardCapabilityName.ACTIVATE_ACCOUNT: StandardCapability(
        request="ActivateAccountRequest",
        response="ActivateAccountResponse",
        category=CapabilityCategory.WRITE,
        description="Let a deactivated account be used again.",
    ),
    StandardCapabilityName.ASSIGN_ENTITLEMENT: StandardCapability(
        request="AssignEntitlementRequest",
        response="AssignEntitlementResponse",
        category=CapabilityCategory.WRITE,
        description="Give an account an entitlement on a resource.",
    ),
    StandardCapabilityName.CREATE_ACCOUNT: StandardCapability(
        request="CreateAccountRequest",
        response="CreateAccountResponse",
        category=CapabilityCategory.WRITE,
        description="Create an account, with the entitlements it starts with.",
    ),
    StandardCapabilityName.DEACTIVATE_ACCOUNT: StandardCapability(
        request="DeactivateAccountRequest",
        response="DeactivateAccountResponse",
        category=CapabilityCategory.WRITE,
        description="Keep an account from being used, without deleting it.",
    ),
    StandardCapabilityName.DELETE_ACCOUNT: StandardCapability(
        request="DeleteAccountRequest",
        response="DeleteAccountResponse",
        category=CapabilityCategory.WRITE,
        description="Delete an account from the app.",
    ),
    StandardCapabilityName.FIND_ENTITLEMENT_ASSOCIATIONS: StandardCapability(
        request="FindEntitlementAssociationsRequest",
        response="FindEntitlementAssociationsResponse",
        category=CapabilityCategory.READ,
        description="List which account holds which entitlement on which resource.",
        paginated=True,
    ),
    StandardCapabilityName.GET_AUTHORIZATION_URL: StandardCapability(
        request="GetAuthorizationUrlRequest",
        response="GetAuthorizationUrlResponse",
        category=CapabilityCategory.OAUTH,
        description="Make the address of the provider's page on which a user grants access.",
    ),
    StandardCapabilityName.GET_LAST_ACTIVITY: StandardCapability(
        request="GetLastActivityRequest",
        response="GetLastActivityResponse",
        category=CapabilityCategory.READ,
        description="Tell when accounts were last used.",
        paginated=True,
    ),
    StandardCapabilityName.HANDLE_AUTHORIZATION_CALLBACK: StandardCapability(
        request="HandleAuthorizationCallbackRequest",
        response="HandleAuthorizationCallbackResponse",
        category=CapabilityCategory.OAUTH,
        description="Exchange the code in the provider's redirect for tokens.",
    ),
    StandardCapabilityName.HANDLE_CLIENT_CREDENTIALS_REQUEST: StandardCapability(
        request="HandleClientCredentialsRequest",
        response="HandleClientCredentialsResponse",
        category=CapabilityCategory.OAUTH,
        description="Get an access token for the client itself, without a user.",
    ),
    StandardCapabilityName.LIST_ACCOUNTS: StandardCapability(
        request="ListAccountsRequest",
        response="ListAccountsResponse",
        category=CapabilityCategory.READ,
        description="List the accounts of the tenant.",
        paginated=True,
    ),
    StandardCapabilityName.LIST_CUSTOM_ATTRIBUTES_SCHEMA: StandardCapability(
        request="ListCustomAttributesSchemaRequest",
        response="ListCustomAttributesSchemaResponse",
        category=CapabilityCategory.INFO,
        description="List the custom attributes that accounts of the tenant can have.",
        paginated=True,
    ),
    StandardCapabilityName.LIST_ENTITLEMENTS: StandardCapability(
        request="ListEntitlementsRequest",
        response="ListEntitlementsResponse",
        category=CapabilityCategory.READ,
        description="List the entitlements that can be held on the tenant's resources.",
        paginated=True,
    ),
    StandardCapabilityName.LIST_RESOURCES: StandardCapability(
        request="ListResourcesRequest",
        response="ListResourcesResponse",
        category=CapabilityCategory.READ,
        description="List the resources of the tenant.",
        paginated=True,
    ),
    StandardCapabilityName.REFRESH_ACCESS_TOKEN: StandardCapability(
        request="RefreshAccessTokenRequest",
        response="RefreshAccessTokenResponse",
        category=CapabilityCategory.OAUTH,
        description="Exchange a refresh token for a fresh access token.",
    ),
    StandardCapabilityName.UNASSIGN_ENTITLEMENT: StandardCapability(
        request="UnassignEntitlementRequest",
        response="UnassignEntitlementResponse",
        category=CapabilityCategory.WRITE,
        description="Take an entitlement on a resource from an account.",
    ),
    StandardCapabilityName.VALIDATE_CREDENTIALS: StandardCapability(
        request="ValidateCredentialsRequest",
        response="ValidateCredentialsResponse",
        category=CapabilityCategory.READ,
        description="Check that a connection's credentials and settings work, and name the tenant.",
    ),
}
"""Every standard capability, by name, in the order of the enum."""

REGISTERABLE = frozenset(
    name.value for name, row in STANDARD_CAPABILITIES.items() if row.registerable
)
"""Names of the standard capabilities for which a connector can register a function."""


def standard_capability(name: str) -> StandardCapability:
    """Return the table's row of a standard capability.

    Raises:
        ValueError: there is no standard capability of this name.
    """
    return STANDARD_CAPABILITIES[StandardCapabilityName(name)]


def category_of(name: str) -> CapabilityCategory:
    """Return what a capability is for; any that is not standard is a connector's own."""
    if name not in set(StandardCapabilityName):
        return CapabilityCategory.CUSTOM

    return standard_capability(name).category
