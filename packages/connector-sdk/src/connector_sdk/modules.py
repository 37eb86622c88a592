"""What a plugged-in part of an integration implements, such as OAuth.

The SDK knows these shapes and no package that has them: a new module (SAML, the rotation of API
keys) needs no change here.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from connector_sdk.integration import Integration
    from connector_sdk.models import AuthModel


class IntegrationModule:
    """A part that registers capabilities of its own with an integration.

    Subclass it, and register in `register` with the integration's own methods. What a module
    registers yields to the connector's own capability of the same name, in whichever order the
    two come.
    """

    def __init__(self) -> None:
        self.capabilities: list[str] = []
        """Names of the capabilities that the module has registered."""

    def add_capability(self, capability: str) -> None:
        """Note that the module has registered a capability."""
        self.capabilities.append(capability)

    def register(self, integration: "Integration") -> None:
        """Register the module's capabilities with `integration`."""
        raise NotImplementedError(f"{type(self).__name__} does not implement register()")


@runtime_checkable
class DeveloperCommands(Protocol):
    """A module that also offers commands for people who develop or try the connector."""

    def developer_commands(self) -> Mapping[str, "DeveloperCommand"]:
        """Return the commands by their word, shown as `<connector> dev WORD`.

        Two modules may bring the same word only if their commands are equal. To find that out,
        this is called on every start of a connector that has two such modules: let it be quick,
        and import in `run` what a command needs.
        """


class DeveloperCommand(Protocol):
    """A command of a module: `<connector> dev WORD ARGUMENTS`."""

    help: str
    """What it does, in a sentence."""

    def run(self, integration: "Integration", words: Sequence[str], /) -> int:
        """Carry out the command, and return the exit code: 0, 1 for a failure, 2 for wrong use.

        It may read stdin and print to stdout, and prints a person's mistake without a traceback.

        Parameters:
            integration: the connector's.
            words: what follows the command's word on the command line, `--help` included.
        """


@runtime_checkable
class OAuthGrants(Protocol):
    """A module that gets tokens by a grant of OAuth 2.0, of which `info` then tells."""

    def oauth_grants(self) -> Mapping["AuthModel", "OAuthSettingsLike"]:
        """Return the settings of each grant by the kind of credential that its tokens go into."""


class OAuthSettingsLike(Protocol):
    """What `Integration(oauth_settings=…)` takes: it makes its module, and informs `info`."""

    @property
    def flow_type(self) -> Any:
        """The type of flow, an enum whose value `info` gives as `oauth_type`."""

    @property
    def scopes(self) -> Mapping[Any, str]:
        """Scopes by capability, separated by spaces."""

    @property
    def pkce(self) -> bool | None:
        """Whether the code flow is protected by PKCE (RFC 7636)."""

    def make_module(self) -> IntegrationModule:
        """Return the module that implements the OAuth capabilities for these settings."""
