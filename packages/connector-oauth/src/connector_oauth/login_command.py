"""The developer command `login` as the command line sees it; what it does is in `login`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connector_sdk import Integration


@dataclass(frozen=True)
class LoginCommand:
    """`<connector> dev login`: print the credential that the provider gives, as a request has it.

    It is for all grants of an integration, so each module brings the same. It imports nothing:
    an integration with two grants compares their commands on every start.
    """

    help = "Log in at the provider, and print the credential to try the connector with."

    def run(self, integration: "Integration", words: Sequence[str]) -> int:
        """Carry out the command.

        Parameters:
            integration: the connector's.
            words: what follows `login` on the command line.

        Returns:
            The exit code: 0 when there is a credential, 1 when there is none, 2 for wrong use.
        """
        from connector_oauth.login import log_in

        return log_in(integration, words, self.help)
