"""One connection to a directory, for one call."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Self

from connector_sdk import ConnectorError, Request, get_basic_auth, get_settings
from connector_sdk.models import ErrorCode
from ldap_connector.encryption import encryption
from ldap_connector.entries import Entry
from ldap_connector.escaping import all_of, any_of, equals
from ldap_connector.refusals import (
    NO_SUCH_ATTRIBUTE,
    NO_SUCH_OBJECT,
    SUCCESS,
    DirectoryRefusal,
    broken_connection,
    refusal,
)
from ldap_connector.settings import PORTS, LdapSettings

CHUNK = 500
"""Entries of one answer of the server."""

PAGED_RESULTS = "1.2.840.113556.1.4.319"
"""The control by which a server gives an answer in parts (RFC 2696)."""

ASKED_AT_ONCE = 50
"""Entries that one search asks for by name."""

Change = tuple[str, str, list[str | bytes]]
"""What is done with the values of an attribute: the attribute, how, the values."""


class Directory:
    """A connection that is signed in, until its `with` block ends.

    Parameters:
        args: the request, which has credential and settings.

    Raises:
        ConnectorError: `unauthorized`, when the credential is not accepted, or is empty where that
            is not allowed; `bad_request`, when only the password is empty; what
            `broken_connection` says, when there is no connection.
    """

    def __init__(self, args: Request) -> None:
        self.settings = get_settings(args, LdapSettings)
        self.profile = self.settings.directory
        credential = get_basic_auth(args)
        self._user, self._password = credential.username, credential.password
        self._check_credential()
        self._connection = self._make_connection()

    def __enter__(self) -> Self:
        try:
            self._sign_in()
        except BaseException:
            self._close()
            raise

        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def search(
        self, condition: str, attributes: Sequence[str], *, base: str | None = None
    ) -> Iterator[Entry]:
        """Yield the entries below the base DN that pass a filter, in no order.

        Parameters:
            condition: the filter.
            attributes: what to tell of each entry.
            base: the entry to begin at, if it is not the base DN.

        Raises:
            DirectoryRefusal: the server does not give all of them.
            ConnectorError: the connection broke off.
        """
        cookie: Any = None
        while True:
            entries, cookie = self._search(
                base or self.settings.base_dn,
                condition,
                scope="SUBTREE",
                attributes=attributes,
                cookie=cookie,
            )
            yield from entries
            if not cookie:
                return

    def read(self, dn: str, attributes: Sequence[str]) -> Entry | None:
        """Return the entry of this name; None if there is none."""
        try:
            entries, _ = self._search(
                dn, "(objectClass=*)", scope="BASE", attributes=attributes, cookie=None
            )
        except DirectoryRefusal as error:
            if error.result != NO_SUCH_OBJECT:
                raise

            return None

        return entries[0] if entries else None

    def find(self, identifier: str, condition: str, attributes: Sequence[str]) -> Entry | None:
        """Return the entry that has an id and passes a filter; None if there is none."""
        return next(iter(self.find_all([identifier], condition, attributes)), None)

    def find_all(
        self, identifiers: Sequence[str], condition: str, attributes: Sequence[str]
    ) -> Iterator[Entry]:
        """Yield the entries that have one of the ids and pass a filter."""
        wanted = []
        for identifier in identifiers:
            with suppress(ValueError):  # no entry has such an id
                wanted.append(equals(self.profile.id_attribute, self.profile.id_value(identifier)))

        for start in range(0, len(wanted), ASKED_AT_ONCE):
            chosen = any_of(wanted[start : start + ASKED_AT_ONCE])
            yield from self.search(all_of([chosen, condition]), attributes)

    def add(self, dn: str, attributes: Mapping[str, list[str | bytes]]) -> None:
        """Add an entry; raises as `search`."""
        with _failures_of(opening=False):
            self._connection.add(dn, attributes=dict(attributes))

        try:
            self._check("adding the account")
        except DirectoryRefusal as error:
            if error.result == NO_SUCH_ATTRIBUTE:  # Active Directory's word for an unknown one
                error.error_code = ErrorCode.BAD_REQUEST

            raise

    def modify(self, dn: str, changes: Sequence[Change], *, doing: str) -> None:
        """Change values of an entry, all of them or none; raises as `search`."""
        wanted: dict[str, list[tuple[str, list[str | bytes]]]] = {}
        for attribute, how, values in changes:
            wanted.setdefault(attribute, []).append((how, values))

        with _failures_of(opening=False):
            self._connection.modify(dn, wanted)

        self._check(doing)

    def delete(self, dn: str) -> None:
        """Delete an entry; raises as `search`."""
        with _failures_of(opening=False):
            self._connection.delete(dn)

        self._check("deleting the account")

    def server_name(self) -> str | None:
        """Return the server's own name, where each server has an order of its own; else None.

        Raises:
            ConnectorError: `invalid_response`, when the server does not tell.
        """
        if not self.profile.order_is_per_server:
            return None

        root = self.read("", ["dsServiceName"])
        name = root.first("dsServiceName") if root else None
        if name is None:
            raise ConnectorError(
                message="the server does not tell dsServiceName, as Active Directory does; check"
                " settings.profile",
                error_code=ErrorCode.INVALID_RESPONSE,
            )

        return name

    def _sign_in(self) -> None:
        with _failures_of(opening=True):
            self._connection.open(read_server_info=False)
            if self.settings.encryption == "starttls" and not self._connection.start_tls(
                read_server_info=False
            ):
                raise refusal(self._connection.result, "StartTLS")

        with _failures_of(opening=False):
            if not self._connection.bind(read_server_info=False):
                error = refusal(self._connection.result, "signing in")
                if error.error_code in (ErrorCode.BAD_REQUEST, ErrorCode.NOT_FOUND):
                    error.error_code = ErrorCode.UNAUTHORIZED  # as for a user name that is no DN

                raise error

    def _close(self) -> None:
        with suppress(Exception):  # how the connection ends changes nothing
            socket = self._connection.socket
            self._connection.unbind()
            socket.close()  # the library forgets one that broke off

    def _search(
        self, base: str, condition: str, *, scope: str, attributes: Sequence[str], cookie: Any
    ) -> tuple[list[Entry], Any]:
        found, cookie = self._answer(base, condition, scope, attributes, cookie)
        return [self._entry(dn, raw) for dn, raw in found], cookie

    def _answer(
        self, base: str, condition: str, scope: str, attributes: Sequence[str], cookie: Any
    ) -> tuple[list[tuple[str, Mapping[str, list[bytes]]]], Any]:
        """Return names and attributes of one answer's entries, and the cookie for the next one."""
        connection = self._connection
        with _failures_of(opening=False):
            connection.search(
                base,
                condition,
                search_scope=scope,
                attributes=list(attributes),
                paged_size=CHUNK if scope == "SUBTREE" else None,
                paged_criticality=True,
                paged_cookie=cookie,
            )

        self._check("searching")
        found = [
            (each["dn"], each["raw_attributes"])
            for each in connection.response
            if each["type"] == "searchResEntry"
        ]
        control = connection.result.get("controls", {}).get(PAGED_RESULTS)
        return found, control and control["value"]["cookie"]

    def _entry(self, dn: str, raw: Mapping[str, list[bytes]]) -> Entry:
        values: dict[str, list[bytes]] = {}
        for name, some in raw.items():
            attribute = name.partition(";")[0]
            known = values.setdefault(attribute.lower(), [])
            known += some
            following = _following(name)
            while following is not None:
                more, following = self._range(dn, attribute, following)
                known += more

        return Entry(dn, values)

    def _range(self, dn: str, attribute: str, start: int) -> tuple[list[bytes], int | None]:
        """Return values of an attribute from one on, and the number of the first that is left out.

        Active Directory gives 1,500 values of an attribute at a time ([MS-ADTS], section
        3.1.1.3.1.3.3).
        """
        wanted = [f"{attribute};range={start}-*"]
        try:
            found, _ = self._answer(dn, "(objectClass=*)", "BASE", wanted, None)
        except DirectoryRefusal as error:
            if error.result != NO_SUCH_OBJECT:
                raise

            found = []

        for _, raw in found:
            for name, some in raw.items():
                return some, _following(name)

        return [], None  # the entry, or the rest of its values, is gone

    def _check(self, doing: str) -> None:
        result = self._connection.result
        if result["result"] != SUCCESS:
            raise refusal(result, doing)

    def _check_credential(self) -> None:
        if self._user and self._password:
            return

        if not self._user and not self._password and self.settings.allow_anonymous:
            return

        # A name without a password would be accepted by many servers, as nobody (RFC 4513, 5.1.2).
        raise ConnectorError(
            message="auth.basic: username (a DN) and password must not be empty, unless"
            " settings.allow_anonymous is on and both are",
            error_code=ErrorCode.UNAUTHORIZED,
        )

    def _make_connection(self) -> Any:
        # The library has no types.
        from ldap3 import ANONYMOUS, NONE, SIMPLE, Connection, Server  # type: ignore[import-untyped]

        settings = self.settings
        server = Server(
            settings.host,
            port=settings.port or PORTS[settings.encryption],
            use_ssl=settings.encryption == "ldaps",
            tls=None if settings.encryption == "none" else encryption(settings.ca_file),
            get_info=NONE,
            connect_timeout=settings.timeout,
        )
        return Connection(
            server,
            user=self._user or None,
            password=self._password or None,
            authentication=SIMPLE if self._user else ANONYMOUS,
            auto_range=False,  # the library takes a range that fails for the end of the values
            auto_referrals=False,  # the password is for this server alone
            check_names=False,
            raise_exceptions=False,
            receive_timeout=settings.timeout,
            return_empty_attributes=False,  # the library fails to, where there are ranges
        )


def _following(name: str) -> int | None:
    """Return the number of the value after a range; None if nothing is left out."""
    _, is_range, span = name.lower().partition(";range=")
    last = span.rpartition("-")[2]
    return int(last) + 1 if is_range and last.isdigit() else None


@contextmanager
def _failures_of(*, opening: bool) -> Iterator[None]:
    """Turn the library's exceptions into errors of the contract."""
    from ldap3.core import exceptions  # type: ignore[import-untyped]

    try:
        yield
    except exceptions.LDAPInvalidFilterError:
        raise ConnectorError(
            message="settings.account_filter or settings.group_filter is not a filter (RFC 4515)",
            error_code=ErrorCode.BAD_REQUEST,
        ) from None
    except (exceptions.LDAPException, OSError) as error:
        raise broken_connection(error, opening=opening) from error
