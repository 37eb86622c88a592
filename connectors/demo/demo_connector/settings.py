"""What a tenant configures, beside its credentials."""

from pydantic import BaseModel, Field

HEADER_TEXT = r"^[!-~]+$"
"""What a header can carry: each setting is sent in one."""


class DemoSettings(BaseModel):
    """The settings of one tenant."""

    account_id: str = Field(
        pattern=HEADER_TEXT,
        title="Account id",
        description="Sent with each request, as `X-Account-Id`.",
    )
