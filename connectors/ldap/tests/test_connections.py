"""How the connector signs in, and what it says when that does not work."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

pytestmark = pytest.mark.slow  # its tests call a real server

ENCRYPTED = [("ldaps", "tls_port"), ("starttls", "port")]


@pytest.fixture
def encrypted(tenant: Any) -> Any:
    """A tenant whose server's authority is known."""
    tenant.settings["ca_file"] = str(tenant.server.folder / "ca.pem")
    return tenant


@pytest.mark.parametrize(("encryption", "port"), ENCRYPTED)
def test_an_encrypted_connection_is_used(encrypted: Any, encryption: str, port: str) -> None:
    """Both ways to encrypt work with the authority's certificate."""
    encrypted.settings |= {"encryption": encryption, "port": getattr(encrypted.server, port)}
    assert encrypted.do("validate_credentials")["valid"]


@pytest.mark.parametrize(("encryption", "port"), ENCRYPTED)
def test_an_unknown_authority_is_not_trusted(tenant: Any, encryption: str, port: str) -> None:
    """Without the authority's certificate there is no connection."""
    tenant.settings |= {"encryption": encryption, "port": getattr(tenant.server, port)}
    assert "client_call_error" == tenant.code("validate_credentials")


@pytest.mark.parametrize(("encryption", "port"), ENCRYPTED)
def test_another_host_is_not_trusted(encrypted: Any, encryption: str, port: str) -> None:
    """A certificate for another name than the settings' is not taken."""
    encrypted.settings |= {
        "encryption": encryption,
        "port": getattr(encrypted.server, port),
        "host": "localhost",
    }
    assert "client_call_error" == encrypted.code("validate_credentials")


def test_a_missing_authority_file_is_named(tenant: Any) -> None:
    """A CA file that is not there is `bad_request`."""
    tenant.settings |= {"encryption": "ldaps", "ca_file": "/no/such/file"}
    reply = tenant.call("validate_credentials")
    assert "bad_request" == reply["error"]["error_code"]
    assert "settings.ca_file" in reply["error"]["message"]


def test_no_password_goes_unencrypted_over_a_network(tenant: Any) -> None:
    """Without encryption, only the machine itself is a host."""
    tenant.settings["host"] = "ldap.example.com"
    reply = tenant.call("validate_credentials")
    assert "bad_request" == reply["error"]["error_code"]
    assert "encryption" in reply["error"]["message"]


@pytest.mark.parametrize("username", ["cn=admin,dc=example,dc=com", "cn=nobody", "no name"])
def test_a_wrong_credential_is_unauthorized(tenant: Any, username: str) -> None:
    """A credential that the server does not take is told so, and not quoted."""
    auth = {"basic": {"username": username, "password": "another-password"}}
    reply = tenant.call("list_accounts", auth=auth)
    assert "unauthorized" == reply["error"]["error_code"]
    assert "another-password" not in str(reply)


def test_nobody_signs_in_by_accident(tenant: Any) -> None:
    """An empty credential is accepted only where the settings say so, and never half of one."""
    nobody = {"basic": {"username": "", "password": ""}}
    assert "unauthorized" == tenant.code("list_accounts", auth=nobody)
    tenant.settings["allow_anonymous"] = True
    assert [] == tenant.call("list_accounts", auth=nobody)["response"]
    for username, password in (("cn=admin,dc=example,dc=com", ""), ("", "secret-password")):
        half = {"basic": {"username": username, "password": password}}
        assert "unauthorized" == tenant.code("list_accounts", auth=half)


def test_a_user_without_the_right_is_denied(tenant: Any) -> None:
    """Who may read and not write gets `permission_denied`."""
    nobody = {"basic": {"username": "", "password": ""}}
    tenant.settings["allow_anonymous"] = True
    wanted = {"username": "ada", "entitlements": []}
    assert tenant.code("create_account", wanted, auth=nobody) in {
        "permission_denied",
        "unauthorized",
    }


def test_a_base_that_is_not_there_is_not_found(tenant: Any) -> None:
    """A base DN that names no entry is told at the first check, and no list is empty instead."""
    tenant.settings["base_dn"] = f"ou=none,{tenant.base}"
    assert "not_found" == tenant.code("validate_credentials")
    assert "not_found" == tenant.code("list_accounts")


@pytest.mark.parametrize("condition", ["(uid=*", "uid=*", "()", "(&(uid=*)", "(uid=*)(cn=*)"])
def test_a_filter_that_is_none_is_refused(tenant: Any, condition: str) -> None:
    """A broken filter in the settings is `bad_request`."""
    tenant.settings["account_filter"] = condition
    assert "bad_request" == tenant.code("list_accounts")


def test_a_size_limit_of_the_server_is_no_end_of_the_list(tenant: Any) -> None:
    """A list that the server cuts short is an error, never a shorter list."""
    base = tenant.base
    tenant.modify(
        "\n".join(
            f"dn: uid=limited{number},BASE\nobjectClass: inetOrgPerson\ncn: A\nsn: B\n"
            "userPassword: a-password-of-a-user\n"
            for number in range(4)
        )
    )
    limited = {"basic": {"username": f"uid=limited0,{base}", "password": "a-password-of-a-user"}}
    reply = tenant.call("list_accounts", auth=limited)
    assert ("api_error", "sizeLimitExceeded") == (
        reply["error"]["error_code"],
        reply["error"]["app_error_code"],
    )
    assert "size limit" in reply["error"]["message"]


@contextmanager
def listening() -> Iterator[socket.socket]:
    """A port where somebody takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


@pytest.mark.slow
def test_a_silent_server_is_not_waited_for(tenant: Any) -> None:
    """A server that takes the connection and does not answer is `request_timeout`."""
    with listening() as server:
        tenant.settings |= {"port": server.getsockname()[1], "timeout": 1}
        assert "request_timeout" == tenant.code("validate_credentials")


def test_a_closed_port_is_a_rejected_connection(tenant: Any) -> None:
    """Where nobody listens, the connection is rejected."""
    with listening() as server:
        port = server.getsockname()[1]

    tenant.settings["port"] = port
    assert "connection_rejected" == tenant.code("validate_credentials")
