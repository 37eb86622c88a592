"""Which credentials of an integration `<connector> dev login` can be for."""

from collections.abc import Iterator
from dataclasses import dataclass

from connector_oauth.module import OAuthModule
from connector_oauth.settings import OAuthFlowType
from connector_sdk import Integration
from connector_sdk.models import AuthModel

OAUTH_KINDS = (AuthModel.OAUTH, AuthModel.OAUTH_CLIENT_CREDENTIALS)
"""The kinds of credential that take a token of a grant."""


@dataclass(frozen=True)
class Login:
    """One credential of an integration that a person can log in for."""

    flow: OAuthFlowType
    """How its tokens are got."""

    kind: AuthModel
    """What it is."""

    credential_id: str | None
    """Which of `credentials` it is; None if it is `auth`."""


def logins(integration: Integration) -> list[Login]:
    """Return the credentials that a person can log in for, each with its own grant.

    Where none is of the kind of a grant, the author has the tokens put into another kind.
    """
    grants = list(_grants(integration))
    flows = dict(reversed(grants))  # of two for a kind, the first
    kind, flow = grants[0]
    configs = [each for each in integration.credentials if each.type in OAUTH_KINDS]
    if configs:
        fitting = [each for each in configs if each.type in flows]
        return [
            Login(flows.get(each.type, flow), each.type, each.id) for each in fitting or configs
        ]

    if integration.auth_kind in OAUTH_KINDS:
        kind = AuthModel(integration.auth_kind)

    return [Login(flows.get(kind, flow), kind, None)]


def _grants(integration: Integration) -> Iterator[tuple[AuthModel, OAuthFlowType]]:
    for module in integration.modules:
        if isinstance(module, OAuthModule):
            for kind, settings in module.oauth_grants().items():
                yield kind, settings.flow_type
