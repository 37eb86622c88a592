"""What a tenant configures: where its service is, and in what it differs from the RFCs."""

from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, field_validator

from scim_connector.quirks import PROFILES, Quirks

LARGEST_PAGE = 1000
"""Resources that are asked for at a time, at the most."""

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
"""Hosts to which a credential may go unencrypted: it does not leave the machine."""


class ScimSettings(BaseModel):
    """The settings of one tenant."""

    base_url: str = Field(
        title="Base URL",
        description=(
            "Where the service's SCIM endpoints are, the version included, such as"
            " https://host.example.com/scim/v2."
        ),
        json_schema_extra={"format": "uri"},
    )
    profile: Literal[
        "generic", "aws_identity_center", "cursor_pages", "made_for_entra_id", "made_for_okta"
    ] = Field(
        default="generic",
        title="Profile",
        description="In what the service deviates from the RFCs; see the connector's README.",
    )
    page_size: int = Field(
        default=100,
        ge=1,
        le=LARGEST_PAGE,
        title="Page size",
        description="Users or groups that are asked for at a time, if a request does not say.",
    )
    roles_and_entitlements: bool = Field(
        default=False,
        title="Roles and entitlements",
        description=(
            "Whether the values of users' `roles` and `entitlements` are access to review,"
            " besides memberships in groups."
        ),
    )
    last_login_attribute: str | None = Field(
        default=None,
        min_length=1,
        title="Attribute of the last login",
        description=(
            "Attribute of users with the time of their last login, if the service has one, such"
            " as urn:example:params:scim:schemas:User:lastLogin."
        ),
    )
    token_url: str | None = Field(
        default=None,
        title="Token URL",
        description="The OAuth 2.0 token endpoint, for the credential `oauth`.",
        json_schema_extra={"format": "uri"},
    )

    @field_validator("base_url", "token_url")
    @classmethod
    def _check_url(cls, url: str | None) -> str | None:
        if url is None:
            return None

        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("expected a URL, such as https://host.example.com/scim/v2")

        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise ValueError("expected https: over http, credentials could be read on the way")

        if parts.username or parts.password:
            raise ValueError("expected a URL without credentials: they have fields of their own")

        if parts.query or parts.fragment:
            raise ValueError("expected a URL without query and fragment")

        return url.rstrip("/")

    @property
    def quirks(self) -> Quirks:
        """In what the service differs from the RFCs."""
        return PROFILES[self.profile]

    @property
    def tenant_id(self) -> str:
        """The tenant's identifier: SCIM has none, so it is the address, without the scheme."""
        parts = urlsplit(self.base_url)
        return f"{parts.netloc.lower()}{parts.path}"
