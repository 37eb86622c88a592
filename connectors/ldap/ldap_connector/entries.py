"""Entries of a directory: a name, and attributes with values."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from connector_sdk import ConnectorError
from connector_sdk.models import ErrorCode
from ldap_connector.profiles import Profile


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it was read.

    Parameters:
        dn: its distinguished name.
        values: values by attribute, its name in lower case; without options of the name.
    """

    dn: str
    values: Mapping[str, list[bytes]]

    def all(self, attribute: str) -> list[str]:
        """Return the values of an attribute as text."""
        return [value.decode(errors="replace") for value in self.values.get(attribute.lower(), ())]

    def first(self, attribute: str) -> str | None:
        """Return the first value of an attribute that is not empty; None without one."""
        return next(filter(None, self.all(attribute)), None)

    def number(self, attribute: str) -> int:
        """Return the value of an attribute as a number; 0 without one."""
        text = self.first(attribute)
        try:
            return int(text) if text else 0
        except ValueError:
            raise ConnectorError(
                message=f"the server has a value of {attribute} that is no number",
                error_code=ErrorCode.INVALID_RESPONSE,
            ) from None

    def is_of_class(self, name: str) -> bool:
        """Tell whether an object class of the entry has this name."""
        return name.casefold() in (each.casefold() for each in self.all("objectClass"))

    def id(self, profile: Profile) -> str:
        """Return what names the entry for good.

        Raises:
            ConnectorError: `invalid_response`, when the server does not tell.
        """
        return self._read(profile.id_of, profile.id_attribute)

    def order(self, profile: Profile) -> str:
        """Return where the entry stands in a list; raises as `id`."""
        return self._read(profile.order_of, profile.order_attribute)

    def _read(self, read: Callable[[bytes], str], attribute: str) -> str:
        match self.values.get(attribute.lower()):
            case [value]:
                with suppress(ValueError):
                    return read(value)

        raise ConnectorError(
            message=f"the server does not tell {attribute} of an entry as it should; let the user"
            " of the credential read it, or check settings.profile",
            error_code=ErrorCode.INVALID_RESPONSE,
        )
