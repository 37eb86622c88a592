"""What a tenant configures: where its company is, and which company it is."""

import re

from pydantic import BaseModel, Field, field_validator

from connector_sdk import HiddenField

_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
"""One part of a host name (RFC 1123, section 2.1)."""

_HOST_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(\.{_LABEL})*")

DEFAULT_SEED = 1
"""The seed of the company that everyone sees who asks for no other."""


class MockSettings(BaseModel):
    """The settings of one tenant."""

    host: str = Field(
        title="Host name",
        description="The tenant's host, such as tenant.example.com. Nothing is ever sent to it.",
        json_schema_extra={"format": "hostname"},
    )
    seed: int = HiddenField(
        default=DEFAULT_SEED,
        ge=0,
        title="Seed",
        description="The same number makes the same company, everywhere and always.",
    )

    @field_validator("host")
    @classmethod
    def _in_lower_case(cls, host: str) -> str:
        """Two spellings of one host are one tenant (RFC 4343)."""
        if not _HOST_NAME.fullmatch(host):
            raise ValueError("expected a host name, such as tenant.example.com")

        return host.lower()
