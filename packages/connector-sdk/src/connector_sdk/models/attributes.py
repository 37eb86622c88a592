"""Custom attributes: what a tenant has added to the app's own fields."""

from enum import Enum

from pydantic import Field, StrictStr

from connector_sdk.models.base import WireModel
from connector_sdk.models.envelopes import AuthenticatedRequest, ResponseEnvelope


class CustomAttributeCustomizedType(str, Enum):
    """What an attribute was added to."""

    ACCOUNT = "account"


class CustomAttributeType(str, Enum):
    """What the values of an attribute are."""

    STRING = "string"
    """Free text."""

    USER = "user"
    """A reference to an account."""


class ListCustomAttributesSchema(WireModel):
    """Payload of `list_custom_attributes_schema`: those of the tenant, all of them."""


class CustomAttributeSchema(WireModel):
    """An attribute that a tenant has added."""

    customized_type: CustomAttributeCustomizedType = Field(
        description="What the attribute was added to.",
    )
    name: StrictStr = Field(
        description="Name of the attribute, by which `list_accounts` is asked for it.",
    )
    attribute_type: CustomAttributeType = Field(
        description="What the values of the attribute are.",
    )


class ListCustomAttributesSchemaRequest(AuthenticatedRequest):
    """Request to `list_custom_attributes_schema`."""

    request: ListCustomAttributesSchema = Field(
        description="Empty: there is nothing to choose.",
    )


class ListCustomAttributesSchemaResponse(ResponseEnvelope):
    """Response of `list_custom_attributes_schema`."""

    response: list[CustomAttributeSchema] = Field(
        description="The custom attributes of this page.",
    )
