"""A part of the connector that could be plugged into others as well."""

from typing import TYPE_CHECKING

from connector.generated import (
    CustomAttributeCustomizedType,
    CustomAttributeSchema,
    CustomAttributeType,
    ListCustomAttributesSchemaRequest,
    ListCustomAttributesSchemaResponse,
    StandardCapabilityName,
)
from connector.oai.modules.base_module import BaseIntegrationModule

if TYPE_CHECKING:
    from connector.oai.integration import Integration


class AttributesModule(BaseIntegrationModule):
    """Tells which custom attributes accounts have."""

    def register(self, integration: "Integration") -> None:
        """Register the module's one capability."""

        @integration.register_capability(StandardCapabilityName.LIST_CUSTOM_ATTRIBUTES_SCHEMA)
        async def list_custom_attributes_schema(
            args: ListCustomAttributesSchemaRequest,
        ) -> ListCustomAttributesSchemaResponse:
            return ListCustomAttributesSchemaResponse(
                response=[
                    CustomAttributeSchema(
                        customized_type=CustomAttributeCustomizedType.ACCOUNT,
                        name="pen_name",
                        attribute_type=CustomAttributeType.STRING,
                    )
                ]
            )

        self.add_capability(StandardCapabilityName.LIST_CUSTOM_ATTRIBUTES_SCHEMA)
