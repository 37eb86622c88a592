"""A connector in one file, whose app is the provider's own user directory.

The provider's issuer is the tenant's setting `issuer`.
"""

from typing import Any

from pydantic import BaseModel

from connector_cli import run
from connector_oauth import OAuthSettings
from connector_sdk import DescriptionData, Integration, get_oauth, get_settings
from connector_sdk.models import (
    AppCategory,
    OAuthCredential,
    StandardCapabilityName,
    ValidateCredentialsRequest,
    ValidateCredentialsResponse,
    ValidatedCredentials,
)


class AcmeSettings(BaseModel):
    """A tenant's settings."""

    issuer: str


def issuer_of(args: Any) -> str:
    """The tenant's provider."""
    return get_settings(args, AcmeSettings).issuer


integration = Integration(
    app_id="acme",
    version="1.0.0",
    exception_handlers=[],
    auth=OAuthCredential,
    settings_model=AcmeSettings,
    description_data=DescriptionData(
        user_friendly_name="Acme", categories=[AppCategory.INTERNAL], description="A directory."
    ),
    oauth_settings=OAuthSettings(
        issuer=issuer_of,
        pkce=True,
        scopes={StandardCapabilityName.VALIDATE_CREDENTIALS.value: "openid profile"},
    ),
)


@integration.register_capability(StandardCapabilityName.VALIDATE_CREDENTIALS)
async def validate_credentials(args: ValidateCredentialsRequest) -> ValidateCredentialsResponse:
    """Ask the provider who the access token is of."""
    from connector_sdk.http import AsyncClient, BearerAuth

    issuer = issuer_of(args)
    async with AsyncClient(auth=BearerAuth(get_oauth(args).access_token)) as client:
        metadata = (await client.get(f"{issuer}/.well-known/openid-configuration")).json()
        user = await client.get(metadata["userinfo_endpoint"])
        user.raise_for_status()

    return ValidateCredentialsResponse(
        response=ValidatedCredentials(valid=True, unique_tenant_id=user.json()["sub"])
    )


if __name__ == "__main__":
    run(integration)
