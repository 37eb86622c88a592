"""What can be wrong with a resource of a service, in words that quote no value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an attribute; None for the resource as a whole."""

    attribute: str | None
    text: str


UNREADABLE = Fault(None, "there is no such endpoint, or the answer is no SCIM message")

UNUSABLE = Fault(None, "the schemas do not fit together; users and groups are held to RFC 7643's")
"""Of the schemas of a service."""

FAULT_BY_KIND = {
    "bool_type": "is not true or false",
    "dict_type": "is no object",
    "enum": "is none of the values that there are for it",
    "extra_forbidden": "is in no schema of the resource",
    "float_type": "is no number",
    "int_type": "is no whole number",
    "list_type": "is no list, which an attribute with several values is",
    "missing": "is missing, and required",
    "model_type": "is no object",
    "primary_uniqueness_error": "has more than one primary value",
    "returned_error": "is shown, and must never be",
    "schema_error": "does not name the schema of the resource",
    "string_type": "is no text",
    "unknown_extension_schema": "names a schema that is none of the resource",
    "url_parsing": "is no URI",
    "value_error": "is not what its type asks for, such as an address or a URI",
}
"""What is wrong, by the kind of error that the models of scim2-models raise."""


def fault_of_kind(kind: str, attribute: str | None) -> Fault:
    """Return a fault by the kind of error; one that is not known is named."""
    if kind.startswith("date"):
        return Fault(attribute, "is no time as RFC 7643 has it (section 2.3.5)")

    return Fault(attribute, FAULT_BY_KIND.get(kind, f"does not fit its schema ({kind})"))
