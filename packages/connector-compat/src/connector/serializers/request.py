"""Fields with marks, for forms."""

from connector_sdk import (
    FieldType,
    GroupedField,
    HiddenField,
    IntegrationField,
    MultiLinesField,
    SecretField,
)

__all__ = [
    "FieldType",
    "GroupedField",
    "HiddenField",
    "IntegrationField",
    "MultiLinesField",
    "SecretField",
]
