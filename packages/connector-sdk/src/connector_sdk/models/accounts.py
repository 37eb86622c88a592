"""Accounts: find, create, activate, deactivate and delete them."""

from enum import Enum
from typing import Any

from pydantic import Field, StrictBool, StrictStr

from connector_sdk.models.base import WireModel
from connector_sdk.models.envelopes import AuthenticatedRequest, ResponseEnvelope


class AccountStatus(str, Enum):
    """Where an account is in its life."""

    ACTIVE = "ACTIVE"
    """It can be used."""

    INACTIVE = "INACTIVE"
    """It cannot be used, and can be activated."""

    SUSPENDED = "SUSPENDED"
    """The app, or its administrator, has shut it out for the time being."""

    DEPROVISIONED = "DEPROVISIONED"
    """All access was withdrawn; the app keeps its record."""

    PENDING = "PENDING"
    """It was invited or made, and not used yet."""

    DELETED = "DELETED"
    """It is gone, or the app shows only that it was."""


class AccountType(str, Enum):
    """Who uses an account."""

    SERVICE = "service"
    """A program."""

    USER = "user"
    """A person."""


class ListAccounts(WireModel):
    """Payload of `list_accounts`: the accounts of the tenant, all of them."""

    custom_attributes: list[StrictStr] | None = Field(
        default=None,
        description=(
            "Names of the custom attributes to return with each account, out of those that"
            " `list_custom_attributes_schema` lists."
        ),
    )


class FoundAccountData(WireModel):
    """An account as it is in the app."""

    integration_specific_id: StrictStr = Field(
        description="The app's identifier of the account, unique in the tenant and lasting.",
    )
    email: StrictStr | None = Field(
        default=None,
        description="Email address of the account, by which the platform finds its owner.",
    )
    given_name: StrictStr | None = Field(
        default=None,
        description="Given name of the person who uses the account.",
    )
    family_name: StrictStr | None = Field(
        default=None,
        description="Family name of the person who uses the account.",
    )
    username: StrictStr | None = Field(
        default=None,
        description="Name by which the account signs in, if the app has such names.",
    )
    user_status: AccountStatus | None = Field(
        default=None,
        description="Where the account is in its life.",
    )
    extra_data: dict[str, Any] | None = Field(
        default=None,
        description="Whatever else the app tells of the account and a reviewer may need.",
    )
    custom_attributes: dict[str, StrictStr] | None = Field(
        default=None,
        description="Values of the custom attributes that the request names, by name.",
    )
    account_type: AccountType | None = Field(
        default=None,
        description="Whether a person or a program uses the account.",
    )


class ListAccountsRequest(AuthenticatedRequest):
    """Request to `list_accounts`."""

    request: ListAccounts = Field(description="What to return with each account.")


class ListAccountsResponse(ResponseEnvelope):
    """Response of `list_accounts`."""

    response: list[FoundAccountData] = Field(description="The accounts of this page.")


class CreateAccountEntitlement(WireModel):
    """An entitlement that a new account is to hold from the start."""

    integration_specific_resource_id: StrictStr | None = Field(
        default=None,
        description=(
            "The app's identifier of the resource that the entitlement is on; null if it is on"
            " the tenant as a whole."
        ),
    )
    entitlement_type: StrictStr = Field(
        description="Type of the entitlement: a `type_id` that the connector declares.",
    )
    integration_specific_id: StrictStr = Field(
        description="The app's identifier of the entitlement, as `list_entitlements` gives it.",
    )


class CreateAccount(WireModel):
    """Payload of `create_account`: the account to make."""

    email: StrictStr | None = Field(
        default=None,
        description="Email address of the account; many apps send the invitation there.",
    )
    username: StrictStr | None = Field(
        default=None,
        description="Name by which the account is to sign in, if the app has such names.",
    )
    given_name: StrictStr | None = Field(
        default=None,
        description="Given name of the person who is to use the account.",
    )
    family_name: StrictStr | None = Field(
        default=None,
        description="Family name of the person who is to use the account.",
    )
    user_status: StrictStr | None = Field(
        default=None,
        description="Status that the account is to start with; the app's default if null.",
    )
    extra_data: dict[str, Any] | None = Field(
        default=None,
        description="Whatever else this app needs to make an account, by name.",
    )
    entitlements: list[CreateAccountEntitlement] = Field(
        description="Entitlements the account is to hold from the start; may be empty.",
    )


class CreatedAccount(WireModel):
    """What became of an account that was to be made."""

    status: AccountStatus = Field(
        description="Status of the new account; pending while an invitation is open.",
    )
    created: StrictBool = Field(
        description="Deprecated, but still required: true. Read `status` instead.",
    )


class CreateAccountRequest(AuthenticatedRequest):
    """Request to `create_account`."""

    request: CreateAccount = Field(description="The account to make.")


class CreateAccountResponse(ResponseEnvelope):
    """Response of `create_account`."""

    response: CreatedAccount = Field(description="What became of the account.")


class ActivateAccount(WireModel):
    """Payload of `activate_account`: the account to make usable again."""

    account_id: StrictStr = Field(
        description="The app's identifier of the account, as `list_accounts` gives it.",
    )


class ActivatedAccount(WireModel):
    """What became of an account that was to be activated."""

    status: AccountStatus = Field(description="Status of the account after the call.")
    activated: StrictBool = Field(
        description=(
            "Deprecated, but still required: whether the account is active now. Read `status`"
            " instead."
        ),
    )


class ActivateAccountRequest(AuthenticatedRequest):
    """Request to `activate_account`."""

    request: ActivateAccount = Field(description="The account to activate.")


class ActivateAccountResponse(ResponseEnvelope):
    """Response of `activate_account`."""

    response: ActivatedAccount = Field(description="What became of the account.")


class DeactivateAccount(WireModel):
    """Payload of `deactivate_account`: the account to shut out, but keep."""

    account_id: StrictStr = Field(
        description="The app's identifier of the account, as `list_accounts` gives it.",
    )


class DeactivatedAccount(WireModel):
    """What became of an account that was to be deactivated."""

    status: AccountStatus = Field(description="Status of the account after the call.")
    deactivated: StrictBool = Field(
        description=(
            "Deprecated, but still required: whether the account is shut out now. Read `status`"
            " instead."
        ),
    )


class DeactivateAccountRequest(AuthenticatedRequest):
    """Request to `deactivate_account`."""

    request: DeactivateAccount = Field(description="The account to deactivate.")


class DeactivateAccountResponse(ResponseEnvelope):
    """Response of `deactivate_account`."""

    response: DeactivatedAccount = Field(description="What became of the account.")


class DeleteAccount(WireModel):
    """Payload of `delete_account`: the account to remove for good."""

    account_id: StrictStr = Field(
        description="The app's identifier of the account, as `list_accounts` gives it.",
    )


class DeletedAccount(WireModel):
    """What became of an account that was to be deleted."""

    status: AccountStatus = Field(
        description="Status of the account after the call; deprovisioned if a record stays.",
    )
    deleted: StrictBool = Field(
        description=(
            "Deprecated, but still required: whether the account is gone now. Read `status`"
            " instead."
        ),
    )


class DeleteAccountRequest(AuthenticatedRequest):
    """Request to `delete_account`."""

    request: DeleteAccount = Field(description="The account to delete.")


class DeleteAccountResponse(ResponseEnvelope):
    """Response of `delete_account`."""

    response: DeletedAccount = Field(description="What became of the account.")
