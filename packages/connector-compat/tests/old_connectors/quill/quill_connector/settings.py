"""The settings of a tenant."""

from pydantic import BaseModel, Field


class QuillSettings(BaseModel):
    """Which tenant it is."""

    subdomain: str = Field(description="What stands before .quill.example.", title="Subdomain")
