"""What the package hands out, and what that costs."""

import pkgutil
import subprocess
import sys

import connector_oauth

COST = """
import sys
from connector_oauth import OAuthRequest, OAuthSettings
from connector_sdk import DescriptionData, Integration

integration = Integration(
    app_id="acme", version="1", exception_handlers=[],
    description_data=DescriptionData(user_friendly_name="Acme", categories=[]),
    oauth_settings=OAuthSettings(issuer="https://auth.example.com", pkce=True),
)
assert "refresh_access_token" in integration.capabilities
heavy = {"argparse", "authlib", "cryptography", "http.server", "httpx", "joserfc", "webbrowser"}
print(sorted(heavy & set(sys.modules)))
"""


def test_the_public_names_are_sorted_and_all_there() -> None:
    """`__all__` is in order, and each name in it is there, again and again."""
    assert sorted(connector_oauth.__all__) == connector_oauth.__all__
    for name in connector_oauth.__all__:
        assert getattr(connector_oauth, name) is getattr(connector_oauth, name)


def test_no_submodule_bears_a_public_name() -> None:
    """Importing a submodule cannot put it in the place of a public name."""
    modules = {module.name for module in pkgutil.iter_modules(connector_oauth.__path__)}
    assert "settings" in modules
    assert set() == modules & set(connector_oauth.__all__)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    """A mistyped name is reported as for any module."""
    assert not hasattr(connector_oauth, "OAuthSetings")


def test_an_integration_with_oauth_loads_nothing_heavy() -> None:
    """Declaring OAuth costs neither httpx nor cryptography nor a command line."""
    ended = subprocess.run(
        [sys.executable, "-c", COST], capture_output=True, text=True, check=False
    )
    assert ("[]\n", "") == (ended.stdout, ended.stderr)
