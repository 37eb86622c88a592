"""The OAuth module in the old style: a method for each capability, and the old client."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest import mock

from pytest_cases import parametrize

from connector.generated import (
    OAuthCredential,
    OauthCredentials,
    RefreshAccessTokenRequest,
    RefreshAccessTokenResponse,
    StandardCapabilityName,
    TokenType,
)
from connector.httpx_rewrite import AsyncClient, proxy_settings
from connector.oai.integration import DescriptionData, Integration
from connector.oai.modules.oauth_module import OAuthModule
from connector.oai.modules.oauth_module_types import (
    OAuthCapabilities,
    OAuthFlowType,
    OAuthSettings,
)
from connector_sdk.testing import without_waiting

REFRESH = {"request": {"client_id": "c", "client_secret": "s", "refresh_token": "r"}}


class Provider(BaseHTTPRequestHandler):
    """Gives a token to whoever asks; as a proxy, too."""

    asked: list[str]

    def do_POST(self) -> None:  # so http.server calls it
        """Answer a token request."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append(self.path)
        body = b'{"access_token": "fresh", "token_type": "bearer"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@contextmanager
def provider() -> Iterator[tuple[str, list[str]]]:
    """Run a provider; its address, and what it was asked."""
    asked: list[str] = []
    handler = type("Handler", (Provider,), {"asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()


def make_integration(token_url: str = "https://auth.example/token", **options: Any) -> Integration:
    """Return an integration with OAuth settings."""
    return Integration(
        app_id="acme",
        version="1",
        auth=OAuthCredential,
        exception_handlers=[],
        description_data=DescriptionData("Acme", []),
        oauth_settings=OAuthSettings(
            authorization_url="https://auth.example/authorize", token_url=token_url, **options
        ),
    )


def dispatch(integration: Integration, name: str, request: Any) -> Any:
    """Call a capability."""
    return json.loads(asyncio.run(integration.dispatch(name, json.dumps(request))))


class OwnModule(OAuthModule):
    """Refreshes tokens in a way of its own."""

    def register_refresh_access_token(self) -> None:
        """Register a function that calls nobody."""

        @self.integration.register_capability(StandardCapabilityName.REFRESH_ACCESS_TOKEN)
        async def refresh_access_token(
            args: RefreshAccessTokenRequest,
        ) -> RefreshAccessTokenResponse:
            token = f"own {self.settings.token_url}"
            return RefreshAccessTokenResponse(
                response=OauthCredentials(access_token=token, token_type=TokenType.BEARER)
            )


ALL_OFF = OAuthCapabilities(
    get_authorization_url=False,
    handle_authorization_callback=False,
    handle_client_credentials_request=False,
    refresh_access_token=False,
)


def test_settings_alone_make_the_module() -> None:
    """Its capabilities are those of the flow."""
    assert {
        "get_authorization_url",
        "handle_authorization_callback",
        "refresh_access_token",
    } == set(make_integration().capabilities)


def test_a_subclass_registers_a_function_of_its_own() -> None:
    """It has the integration and the settings, and replaces one capability of all."""
    module = OwnModule()
    integration = make_integration(capabilities=ALL_OFF)
    module.settings = OAuthSettings(
        token_url="https://other.example/token",
        authorization_url="https://other.example/authorize",
    )
    integration.add_module(module)

    assert {
        "get_authorization_url",
        "handle_authorization_callback",
        "refresh_access_token",
    } == set(integration.capabilities)
    reply = dispatch(integration, "refresh_access_token", REFRESH)
    assert "own https://other.example/token" == reply["response"]["access_token"]


def test_a_module_takes_the_settings_of_its_integration() -> None:
    """Those that are switched off are not registered by it either."""
    module = OAuthModule()
    integration = make_integration(capabilities=ALL_OFF, flow_type=OAuthFlowType.CLIENT_CREDENTIALS)
    integration.add_module(module)
    assert integration is module.integration
    assert integration.oauth_settings is module.settings
    assert [] == module.capabilities


@parametrize(
    name=[
        StandardCapabilityName.GET_AUTHORIZATION_URL,
        StandardCapabilityName.HANDLE_AUTHORIZATION_CALLBACK,
        StandardCapabilityName.HANDLE_CLIENT_CREDENTIALS_REQUEST,
        StandardCapabilityName.REFRESH_ACCESS_TOKEN,
    ]
)
def test_one_capability_can_be_registered_alone(name: StandardCapabilityName) -> None:
    """By its method, whatever the settings say."""

    class One(OAuthModule):
        def register(self, integration: Any) -> None:
            self.integration = integration
            self.settings = integration.oauth_settings
            getattr(self, f"register_{name.value}")()

    integration, module = make_integration(capabilities=ALL_OFF), One()
    integration.add_module(module)
    assert [name.value] == module.capabilities == list(integration.capabilities)


class TestTokenRequests:
    """How a provider is asked for tokens."""

    def test_they_go_through_the_old_client(self) -> None:
        """What is patched there is patched for them."""
        send = AsyncClient.send
        seen = []

        async def note(self: Any, request: Any, **options: Any) -> Any:
            seen.append(str(request.url))
            return await send(self, request, **options)

        with provider() as (url, asked), mock.patch.object(AsyncClient, "send", note):
            reply = dispatch(make_integration(f"{url}/token"), "refresh_access_token", REFRESH)

        assert "fresh" == reply["response"]["access_token"]
        assert [f"{url}/token"] == seen
        assert ["/token"] == asked

    def test_they_go_through_the_proxy_that_is_set(self) -> None:
        """And no longer than it is."""
        integration = make_integration("http://localhost:9/token")
        with provider() as (url, asked):
            with proxy_settings(proxy_url=url):
                reply = dispatch(integration, "refresh_access_token", REFRESH)

            with without_waiting():
                refused = dispatch(integration, "refresh_access_token", REFRESH)

        assert "fresh" == reply["response"]["access_token"]
        assert ["http://localhost:9/token"] == asked
        assert "connection_rejected" == refused["error"]["error_code"]
