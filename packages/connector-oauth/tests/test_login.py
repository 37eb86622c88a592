"""The developer command `login`, with a browser that does what a test wants."""

import http.client
import io
import json
import os
import re
import socket
import stat
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from pytest_cases import parametrize

from connector_oauth import OAuthCapabilities, OAuthFlowType, OAuthModule, OAuthSettings
from connector_sdk import Integration
from connector_sdk.models import AuthModel, CredentialConfig, OAuthClientCredential, OAuthCredential
from connector_sdk.modules import DeveloperCommands

pytestmark = pytest.mark.slow  # its tests listen for redirects

TOKENS = {"access_token": "at-123456", "token_type": "bearer", "refresh_token": "rt-123456"}
SECRET = "secret-123456"
WORDS = ["--client-id", "id", "--port", "0"]


def settings_of(provider: Any, **fields: Any) -> OAuthSettings:
    """Settings for the code flow."""
    return OAuthSettings(
        authorization_url=f"{provider.url}/authorize",
        token_url=provider.token_url,
        pkce=True,
        **fields,
    )


def log_in(integration: Integration, *words: str) -> int:
    """Run the command as the connector's command line does, and return its exit code."""
    [command] = {
        module.developer_commands()["login"]
        for module in integration.modules
        if isinstance(module, DeveloperCommands)
    }
    return command.run(integration, words)


def answered(url: str, host: str | None = None) -> int:
    """The status with which a URL of this machine is answered."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc)
    headers = {} if host is None else {"Host": host}
    connection.request("GET", f"{parts.path}?{parts.query}", headers=headers)
    return connection.getresponse().status


def redirect_of(page: str, **parameters: str) -> str:
    """The redirect with which a provider answers its page."""
    asked = dict(parse_qsl(urlsplit(page).query))
    return f"{asked['redirect_uri']}?{urlencode({'state': asked['state'], **parameters})}"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client's secret is in the environment, and nothing comes from a terminal."""
    monkeypatch.setenv("CONNECTOR_CLIENT_SECRET", SECRET)
    monkeypatch.setattr("sys.stdin", io.StringIO())


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[str], None]], None]:
    """Let a function be the browser: it is called with the provider's page."""
    return lambda visit: monkeypatch.setattr("webbrowser.open", visit)


@pytest.fixture
def integration(provider: Any, integration_of: Any) -> Integration:
    """An integration for which a login succeeds, once a browser agrees."""
    provider.reply("/token", TOKENS)
    made: Integration = integration_of(settings_of(provider), auth=OAuthCredential)
    return made


def test_a_login_prints_the_credential(
    integration: Integration, provider: Any, browser: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """On stdout stands what goes into `auth`, and nothing else; the refresh token is not lost."""
    pages: list[str] = []

    def visit(page: str) -> None:
        pages.append(page)
        answered(redirect_of(page, code="c"))

    browser(visit)
    assert 0 == log_in(integration, *WORDS, "--scope", "read", "--scope", "write all")

    out, err = capsys.readouterr()
    expected = {"oauth": {"access_token": "at-123456", "refresh_token": "rt-123456"}}
    assert expected == json.loads(out)
    assert pages[0] in err
    assert "auth" in err.splitlines()[-1]
    assert not any(secret in err for secret in (SECRET, "at-123456", "rt-123456"))

    asked = dict(parse_qsl(urlsplit(pages[0]).query))
    form = provider.requests[-1].form
    assert ("c", asked["redirect_uri"]) == (form["code"], form["redirect_uri"])
    assert asked["redirect_uri"].startswith("http://127.0.0.1:")
    assert "read write all" == asked["scope"]
    assert 43 <= len(form["code_verifier"])


def test_a_forged_redirect_is_refused_and_waited_on(
    integration: Integration, provider: Any, browser: Any
) -> None:
    """What comes without the state, or to a name of somebody's own, is not the answer."""
    statuses: list[int] = []

    def visit(page: str) -> None:
        real = redirect_of(page, code="c")
        statuses.append(answered(redirect_of(page, code="evil", state="theirs")))
        statuses.append(answered(real.replace("state=", "other=")))
        statuses.append(answered(real, host="evil.example"))
        statuses.append(answered(real.replace("/callback", "/favicon.ico")))
        statuses.append(answered(real))

    browser(visit)
    assert 0 == log_in(integration, *WORDS)
    assert [400, 400, 400, 400, 200] == statuses
    assert ["c"] == [request.form["code"] for request in provider.requests]


@parametrize(with_state=["with its state", "without"])
def test_a_refusal_of_the_provider_ends_the_login(
    with_state: str,
    integration: Integration,
    provider: Any,
    browser: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The exit code says that there is no credential, and the message why."""

    def visit(page: str) -> None:
        redirect = redirect_of(page, error="access_denied", error_description="Not today")
        answered(redirect if with_state != "without" else redirect.replace("state=", "other="))

    browser(visit)
    assert 1 == log_in(integration, *WORDS)
    out, err = capsys.readouterr()
    assert "" == out
    assert "permission_denied" in err
    assert "Not today" in err
    assert [] == provider.requests


def test_a_refusal_of_the_code_ends_the_login(
    provider: Any, integration_of: Any, browser: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the token endpoint answers is shown without secrets."""
    provider.echo("/token")
    browser(lambda page: answered(redirect_of(page, code="code-123456")))
    assert 1 == log_in(integration_of(settings_of(provider)), *WORDS)
    out, err = capsys.readouterr()
    assert "" == out
    assert "unauthorized" in err
    assert not any(secret in err for secret in (SECRET, "code-123456"))


def test_the_credential_can_go_to_a_file(
    integration: Integration, browser: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file takes the place of what was there, and stdout stays empty."""
    path = tmp_path / "auth.json"
    path.write_text("old", encoding="utf-8")
    browser(lambda page: answered(redirect_of(page, code="c")))
    assert 0 == log_in(integration, *WORDS, "--output", str(path))
    assert "at-123456" == json.loads(path.read_text("utf-8"))["oauth"]["access_token"]
    assert [path] == list(tmp_path.iterdir())
    assert "" == capsys.readouterr().out


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_the_file_is_for_its_owner_only(
    integration: Integration, browser: Any, tmp_path: Path
) -> None:
    """Whatever the mode of what was there, nobody else can read the credential."""
    path = tmp_path / "auth.json"
    path.touch(0o644)
    browser(lambda page: answered(redirect_of(page, code="c")))
    assert 0 == log_in(integration, *WORDS, "--output", str(path))
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)


def test_a_login_that_fails_leaves_the_file_as_it_was(
    integration: Integration, browser: Any, tmp_path: Path
) -> None:
    """A credential that is still good is not lost."""
    path = tmp_path / "auth.json"
    path.write_text("old", encoding="utf-8")
    browser(lambda page: answered(redirect_of(page, error="access_denied")))
    assert 1 == log_in(integration, *WORDS, "--output", str(path))
    assert "old" == path.read_text("utf-8")
    assert [path] == list(tmp_path.iterdir())


def test_the_address_can_be_pasted(
    integration: Integration, provider: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the provider redirects elsewhere, a person brings what they see there."""
    elsewhere = "https://app.example/callback?tenant=1"
    screen = io.StringIO()

    def paste() -> str:
        shown = re.search(r"http\S+/authorize\S+", screen.getvalue())
        assert shown is not None
        asked = dict(parse_qsl(urlsplit(shown[0]).query))
        return f"{elsewhere}&code=c&state={asked['state']}\n"

    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(readline=paste))
    assert 0 == log_in(integration, *WORDS, "--redirect-uri", elsewhere)
    assert elsewhere == provider.requests[0].form["redirect_uri"]


def test_a_client_that_acts_for_itself_needs_no_browser(
    provider: Any, integration_of: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """With client credentials the credential has all that a request wants."""
    provider.reply("/token", {"access_token": "at-123456"})
    settings = OAuthSettings(
        token_url=provider.token_url, flow_type=OAuthFlowType.CLIENT_CREDENTIALS
    )
    integration = integration_of(settings, auth=OAuthClientCredential)
    assert 0 == log_in(integration, "--client-id", "id", "--scope", "read")
    credential = json.loads(capsys.readouterr().out)["oauth_client_credentials"]
    assert {"access_token": "at-123456", "client_id": "id", "client_secret": SECRET} == {
        name: value for name, value in credential.items() if name != "scopes"
    }
    OAuthClientCredential.model_validate(credential)


def test_one_of_several_credentials_has_its_id(
    provider: Any, integration_of: Any, browser: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """An integration with several credentials takes it in `credentials`."""
    provider.reply("/token", TOKENS)
    configs = [
        CredentialConfig(id="key", type=AuthModel.TOKEN, description="A key."),
        CredentialConfig(id="login", type=AuthModel.OAUTH, description="A login."),
    ]
    integration = integration_of(settings_of(provider), credentials=configs)
    browser(lambda page: answered(redirect_of(page, code="c")))
    assert 0 == log_in(integration, *WORDS)
    out, err = capsys.readouterr()
    assert "login" == json.loads(out)["id"]
    assert "credentials" in err.splitlines()[-1]


CONFIGS = [
    CredentialConfig(id="client", type=AuthModel.OAUTH_CLIENT_CREDENTIALS, description=""),
    CredentialConfig(id="key", type=AuthModel.TOKEN, description=""),
    CredentialConfig(id="person", type=AuthModel.OAUTH, description=""),
]
GRANTED = {"access_token": "at-123456", "refresh_token": "rt-123456"}


@pytest.fixture
def two_grants(provider: Any, integration_of: Any) -> Integration:
    """An integration whose tokens a person and a client can get."""
    provider.reply("/token", TOKENS)
    made: Integration = integration_of(settings_of(provider), credentials=CONFIGS)
    of_the_client = OAuthSettings(
        token_url=provider.token_url,
        flow_type=OAuthFlowType.CLIENT_CREDENTIALS,
        capabilities=OAuthCapabilities(refresh_access_token=False),
    )
    made.add_module(OAuthModule(of_the_client))
    return made


def test_the_credential_is_that_of_the_flow(
    provider: Any, integration_of: Any, browser: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not the first one: a person's has no client secret in it."""
    provider.reply("/token", TOKENS)
    browser(lambda page: answered(redirect_of(page, code="c")))
    assert 0 == log_in(integration_of(settings_of(provider), credentials=CONFIGS), *WORDS)
    assert {"id": "person", "oauth": GRANTED} == json.loads(capsys.readouterr().out)


def test_of_two_grants_a_person_can_log_in(
    two_grants: Integration, browser: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the options of the code flow, and no secret in the credential."""
    browser(lambda page: answered(redirect_of(page, code="c")))
    assert 0 == log_in(two_grants, *WORDS, "--credential", "person")
    assert {"id": "person", "oauth": GRANTED} == json.loads(capsys.readouterr().out)


def test_of_two_grants_a_client_can_log_in(
    two_grants: Integration, browser: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a browser, and with all that its credential has."""
    browser(lambda page: pytest.fail(f"a browser was opened with {page}"))
    assert 0 == log_in(two_grants, "--client-id", "id", "--credential", "client")
    client = {**GRANTED, "client_id": "id", "client_secret": SECRET, "scopes": []}
    expected = {"id": "client", "oauth_client_credentials": client}
    assert expected == json.loads(capsys.readouterr().out)


UNCHOSEN = {
    "nothing is said": (WORDS, "client (CLIENT_CREDENTIALS), person (CODE_FLOW)"),
    "another kind": ([*WORDS, "--credential", "key"], "client (CLIENT_CREDENTIALS), person"),
    "an option of another flow": ([*WORDS, "--credential", "client"], "unrecognized arguments"),
}
"""Words for two grants, and what stderr says of them."""


@parametrize("words, message", UNCHOSEN.values(), ids=UNCHOSEN)
def test_of_two_grants_one_has_to_be_chosen(
    two_grants: Integration,
    provider: Any,
    words: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """There is no default that could put a token where it does not belong."""
    assert 2 == log_in(two_grants, *words)
    out, err = capsys.readouterr()
    assert "" == out
    assert message in err
    assert [] == provider.requests


def test_a_single_credential_has_no_id(
    integration: Integration, capsys: pytest.CaptureFixture[str]
) -> None:
    """It goes into `auth`, so there is nothing to choose."""
    assert 2 == log_in(integration, *WORDS, "--credential", "person")
    assert "--credential: this connector takes a single one" in capsys.readouterr().err


def test_help_for_two_grants_has_the_options_of_both(
    two_grants: Integration, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing has to be chosen to read it."""
    assert 0 == log_in(two_grants, "--help")
    out = capsys.readouterr().out
    assert "--credential" in out
    assert "--redirect-uri" in out


def test_a_credential_of_another_kind_is_filled_if_there_is_no_other(
    provider: Any, integration_of: Any, browser: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """A connector that wants the client beside a person's token gets both."""
    provider.reply("/token", TOKENS)
    browser(lambda page: answered(redirect_of(page, code="c")))
    integration = integration_of(settings_of(provider), credentials=CONFIGS[:2])
    assert 0 == log_in(integration, *WORDS)
    assert "client" == json.loads(capsys.readouterr().out)["id"]


def test_the_secret_comes_from_a_file(
    integration: Integration, provider: Any, browser: Any, tmp_path: Path
) -> None:
    """A secret, or a key of many lines, need not stand on the command line."""
    path = tmp_path / "secret"
    path.write_text("from a file\n", encoding="utf-8")
    browser(lambda page: answered(redirect_of(page, code="c")))
    assert 0 == log_in(integration, *WORDS, "--client-secret-file", str(path))
    assert "from a file" == provider.requests[0].form["client_secret"]


def test_settings_of_the_tenant_reach_the_connector(
    provider: Any, integration_of: Any, browser: Any
) -> None:
    """URLs that are made from settings are made from those of the command line."""
    provider.reply("/acme/token", TOKENS)
    settings = OAuthSettings(
        authorization_url=f"{provider.url}/authorize",
        token_url=lambda args: f"{provider.url}/{args.settings['path']}/token",
    )
    browser(lambda page: answered(redirect_of(page, code="c")))
    words = [*WORDS, "--settings", '{"path": "acme"}']
    assert 0 == log_in(integration_of(settings), *words)


WRONG_USE = {
    "--client-id": [],
    "unrecognized": [*WORDS, "--browse"],
    "--settings: not JSON": [*WORDS, "--settings", "{"],
    "--client-secret-file: cannot read": [*WORDS, "--client-secret-file", "/nowhere/secret"],
    "--output: cannot write": [*WORDS, "--output", "/nowhere/auth.json"],
    "is a directory": [*WORDS, "--output", "/"],
}
"""What stderr says, by the words that it is about."""


@parametrize("message, words", WRONG_USE.items(), ids=str)
def test_wrong_use_is_explained_before_anybody_is_asked(
    message: str,
    words: list[str],
    integration: Integration,
    browser: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The exit code is that of wrong use, and no page is shown."""
    browser(lambda page: pytest.fail(f"a browser was opened with {page}"))
    assert 2 == log_in(integration, *words)
    out, err = capsys.readouterr()
    assert "" == out
    assert message in err
    assert "Traceback" not in err


def test_without_a_terminal_the_secret_is_not_asked_for(
    integration: Integration, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A script is told how to give it."""
    monkeypatch.delenv("CONNECTOR_CLIENT_SECRET")
    assert 2 == log_in(integration, *WORDS)
    assert "CONNECTOR_CLIENT_SECRET" in capsys.readouterr().err


def test_a_port_that_is_taken_is_wrong_use(
    integration: Integration, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another port can be given."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert 2 == log_in(integration, "--client-id", "id", "--port", port)

    assert f"--port: cannot listen on {port}" in capsys.readouterr().err


def test_help_names_the_redirect_only_where_there_is_one(
    integration: Integration,
    provider: Any,
    integration_of: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Options of the code flow are not offered for another."""
    assert 0 == log_in(integration, "--help")
    assert "--redirect-uri" in capsys.readouterr().out

    settings = OAuthSettings(token_url=provider.token_url, flow_type=OAuthFlowType.JWT_BEARER)
    assert 0 == log_in(integration_of(settings), "--help")
    assert "--redirect-uri" not in capsys.readouterr().out


def test_the_providers_words_do_not_rule_the_terminal(
    integration: Integration, browser: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """A description that would clear the screen is shown as text."""
    browser(lambda page: answered(redirect_of(page, error="x", error_description="\x1b[2J gone")))
    assert 1 == log_in(integration, *WORDS)
    err = capsys.readouterr().err
    assert "\x1b" not in err
    assert "?[2J gone" in err
