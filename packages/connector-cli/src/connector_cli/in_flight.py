"""The secrets of the calls that this process is answering: what its logs must not show."""

from connector_sdk.redaction import CallSecrets, gather_secrets, redact_with


class SecretsInFlight:
    """Gathers the secrets of running calls, for what is logged outside of each call's context."""

    def __init__(self) -> None:
        self._gathered: list[list[CallSecrets]] = []

    def gather(self) -> list[CallSecrets]:
        """Gather the secrets of this context's calls, until what is returned is forgotten."""
        secrets = gather_secrets()
        self._gathered.append(secrets)
        return secrets

    def forget(self, secrets: list[CallSecrets]) -> None:
        """Forget what `gather` returned: its calls are over."""
        self._gathered = [each for each in self._gathered if each is not secrets]

    def redact(self, text: str) -> str:
        """Replace the secrets of all running calls in `text`."""
        for secrets in self._gathered:
            text = redact_with(secrets, text)

        return text


secrets_in_flight = SecretsInFlight()
"""Of this process, as its log handlers are; it holds a call's secrets while the call runs."""
