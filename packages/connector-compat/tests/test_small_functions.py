"""The small functions: names, redirects, messages, models, proxies, building."""

from argparse import Namespace
from pathlib import Path

import httpx
import pytest
from pydantic import BaseModel
from pytest_cases import parametrize

from connector.auth_helper import parse_auth_code_and_redirect_uri
from connector.cli import get_result_file_path, http_integration_server
from connector.compile import (
    BundleDetails,
    bundle_onprem,
    connector_metadata_file,
    get_about_path_from_package,
    get_archive_filename,
    get_version_from_package,
)
from connector.generated import HandleAuthorizationCallback, HandleAuthorizationCallbackRequest
from connector.httpx_rewrite import AsyncClient, get_proxy_headers, get_proxy_url, proxy_settings
from connector.oai.base_clients import BaseIntegrationClient
from connector.oai.errors import ConnectorError
from connector.pydantic import PydanticModel, get_pydantic_model, is_pydantic_model
from connector.scaffold.create import ScaffoldError, hyphenate, namecase, pascalcase, snakecase
from connector.scaffold.create import scaffold as scaffold_connector
from connector.utils.account import full_name
from connector.utils.proxy_utils import ProxyToken
from connector.utils.test import http_error_message


@parametrize(
    "name, snake, hyphens, people, pascal",
    [
        ("demo-connector", "demo_connector", "demo-connector", "Demo Connector", "DemoConnector"),
        ("my_app", "my_app", "my-app", "My App", "MyApp"),
        ("Big App2", "big_app2", "big-app2", "Big App2", "BigApp2"),
    ],
)
def test_names_are_spelled_in_each_way(
    name: str, snake: str, hyphens: str, people: str, pascal: str
) -> None:
    """As of a module, a command, a title and a class."""
    assert (snake, hyphens) == (snakecase(name), hyphenate(name))
    assert (people, pascal) == (namecase(name), pascalcase(name))


def test_people_have_full_names() -> None:
    """Of what is known of them."""
    assert "Ann Lee" == full_name("Ann", "Lee")


class TestRedirects:
    """`parse_auth_code_and_redirect_uri`."""

    def parse(self, url: str, state: str | None = None) -> tuple[str, str]:
        """Read a redirect."""
        request = HandleAuthorizationCallback(
            client_id="c", client_secret="s", redirect_uri_with_code=url, state=state
        )
        return parse_auth_code_and_redirect_uri(HandleAuthorizationCallbackRequest(request=request))

    def test_the_code_and_the_redirect_itself_are_told(self) -> None:
        """What the provider added is taken off."""
        expected = ("abc", "https://back.example/x")
        assert expected == self.parse("https://back.example/x?code=abc&state=s", "s")

    @parametrize(
        "url, state",
        [("https://back.example/x", None), ("https://back.example/x?code=a&state=t", "s")],
        ids=["no-code", "other-state"],
    )
    def test_what_cannot_be_believed_is_an_error(self, url: str, state: str | None) -> None:
        """No code, or the state of another login."""
        with pytest.raises(ConnectorError):
            self.parse(url, state)


def test_an_http_error_has_the_words_of_httpx() -> None:
    """Those of its exception."""
    url = "https://app.example/users?page=1"
    response = httpx.Response(404, request=httpx.Request("GET", url))
    with pytest.raises(httpx.HTTPStatusError) as caught:
        response.raise_for_status()

    assert str(caught.value) == http_error_message(url, 404)
    assert "" == http_error_message(url, 200)


class TestPydantic:
    """Telling models from other types."""

    def test_a_model_is_one(self) -> None:
        """And nothing else is."""
        assert [True, False, False] == [is_pydantic_model(each) for each in (ProxyToken, int, None)]
        assert frozenset({BaseModel}) == PydanticModel

    def test_the_first_model_among_annotations_is_found(self) -> None:
        """Whatever stands before it."""
        assert ProxyToken is get_pydantic_model({"x": int, "args": ProxyToken, "return": BaseModel})

    def test_annotations_without_a_model_are_an_error(self) -> None:
        """Which names them."""
        with pytest.raises(ValueError, match="none of the annotations x"):
            get_pydantic_model({"x": int})


class TestProxies:
    """`proxy_settings`."""

    def test_they_hold_inside_and_are_reset(self) -> None:
        """Also when they are nested, and when something fails inside."""
        seen = []
        client = AsyncClient()

        def fail() -> None:
            seen.append((get_proxy_url(), dict(get_proxy_headers())))
            raise ZeroDivisionError

        with proxy_settings(proxy_url="http://one.example", proxy_headers={"X-Token": "t"}):
            with pytest.raises(ZeroDivisionError), proxy_settings(proxy_url="http://two.example"):
                fail()

            seen.append((get_proxy_url(), dict(get_proxy_headers())))
            assert client.will_rewrite_request()  # type: ignore[attr-defined] # given at run time

        assert [
            ("http://two.example", {}),
            ("http://one.example", {"x-token": "t"}),
        ] == seen
        assert (None, {}) == (get_proxy_url(), dict(get_proxy_headers()))
        assert not client.will_rewrite_request()  # type: ignore[attr-defined] # given at run time

    def test_a_connectors_client_is_the_client_that_they_are_for(self) -> None:
        """Its base class makes one."""
        assert isinstance(BaseIntegrationClient(None).http, AsyncClient)


class TestBuilding:
    """The two steps of a build, without the build."""

    def test_the_version_is_read_from_the_package(self, tmp_path: Path) -> None:
        """From its `__about__.py`, which is not run."""
        about = tmp_path / "__about__.py"
        with pytest.raises(FileNotFoundError, match=r"has no __about__\.py"):
            get_about_path_from_package(tmp_path)

        about.write_text('import nothing\n\n__version__ = "1.2.3"\n', encoding="utf-8")
        assert about == get_about_path_from_package(tmp_path)
        assert "1.2.3" == get_version_from_package(tmp_path)
        about.write_text("__version__ = make()\n", encoding="utf-8")
        with pytest.raises(ValueError, match="does not say"):
            get_version_from_package(tmp_path)

    def test_the_metadata_names_the_connector(self) -> None:
        """As it is called on the customer's premises, whichever name is given."""
        expected = '[connector]\napp_id = "acme_on_prem"\nversion = "1.2"\n'
        assert expected == connector_metadata_file("acme", "1.2")
        assert expected == connector_metadata_file("acme_on_prem", "1.2")

    def test_a_folder_becomes_an_archive(self, tmp_path: Path) -> None:
        """With all that is in it, and its digest beside it."""
        (tmp_path / "built").mkdir()
        (tmp_path / "built/main").write_text("#!/bin/sh\n", encoding="utf-8")
        bundle = BundleDetails(tmp_path, tmp_path / "built", tmp_path / "out", "1.2", "acme")
        archive = bundle_onprem(bundle)
        assert tmp_path / "out" / get_archive_filename(bundle) == archive
        assert {archive.name, f"{archive.name}.sha256"} == {
            path.name for path in (tmp_path / "out").iterdir()
        }


class TestCommandLine:
    """What is left of the functions around the command line."""

    @parametrize("given, expected", [({"result_file_path": "x.gz"}, "x.gz"), ({}, None)])
    def test_the_result_file_is_an_option(
        self, given: dict[str, str], expected: str | None
    ) -> None:
        """Of which None is the default."""
        assert expected == get_result_file_path(Namespace(**given))

    @parametrize(option=["reload", "use_proxy"])
    def test_a_server_without_its_like_says_so(self, option: str) -> None:
        """It says what to use instead."""
        with pytest.raises(NotImplementedError, match=f"{option}=True.* has no counterpart"):
            http_integration_server(None, **{option: True})  # type: ignore[arg-type] # is not reached

    @pytest.mark.slow
    def test_a_connector_is_scaffolded_from_parsed_words(self, tmp_path: Path) -> None:
        """And what is wrong with them is a ScaffoldError."""
        (tmp_path / "taken").write_text("", encoding="utf-8")
        with pytest.raises(ScaffoldError, match="taken is not a folder"):
            scaffold_connector(Namespace(name="acme", directory=str(tmp_path / "taken")))
