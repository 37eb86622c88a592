"""ListCustomAttributesSchema200Response, at its path in the predecessor's API."""

from connector._any_of import AnyOf
from connector_sdk.models import ErrorResponse, ListCustomAttributesSchemaResponse


class ListCustomAttributesSchema200Response(AnyOf):
    """A ListCustomAttributesSchemaResponse, or an ErrorResponse."""

    actual_instance: ListCustomAttributesSchemaResponse | ErrorResponse | None = None
