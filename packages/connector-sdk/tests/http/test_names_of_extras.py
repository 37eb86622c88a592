"""The public names of the packages that the SDK's extras bring."""

import importlib
import subprocess
import sys
from collections import OrderedDict
from pathlib import Path

import pytest
from pytest_cases import parametrize

from connector_sdk import MissingExtraError
from connector_sdk.http import tls

PACKAGES = ["connector_sdk.http", "connector_sdk.testing"]


@parametrize("name", PACKAGES)
def test_every_public_name_can_be_imported_twice(name: str) -> None:
    """Neither a typing mistake, nor a submodule that hides a name after its first use."""
    package = importlib.import_module(name)
    for public in package.__all__:
        assert getattr(package, public) is getattr(package, public)
        assert public in dir(package)


@parametrize("name", PACKAGES)
def test_the_list_of_names_is_complete(name: str) -> None:
    """The table of modules and `__all__` agree, and no submodule bears a public name."""
    package = importlib.import_module(name)
    assert set(package._MODULE_OF) == set(package.__all__)
    assert package.__file__ is not None
    modules = {path.stem for path in Path(package.__file__).parent.glob("*.py")}
    assert not modules & set(package.__all__)


@parametrize("name", PACKAGES)
def test_another_name_is_an_attribute_error(name: str) -> None:
    """As of any module."""
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        importlib.import_module(name).nonsense  # noqa: B018 # asking for it is the test


@parametrize(
    "missing, statement, extra",
    [
        ("httpx", "from connector_sdk.http import AsyncClient", "http"),
        ("h11", "from connector_sdk.testing import FaultServer", "testing"),
    ],
)
def test_a_missing_extra_says_how_to_install_it(missing: str, statement: str, extra: str) -> None:
    """With the whole command."""
    code = f"import sys; sys.modules['{missing}'] = None; {statement}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert f"python -m pip install 'connector-sdk[{extra}]'" in done.stderr


def test_a_missing_trust_store_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """When it is wanted, and not before."""
    monkeypatch.setitem(sys.modules, "truststore", None)
    monkeypatch.setattr(tls, "_contexts", OrderedDict())
    with pytest.raises(MissingExtraError, match=r"connector-sdk\[truststore\]"):
        tls.context_for(tls.key_of(tls.Tls(trust_store="system")))


@parametrize("name", PACKAGES)
def test_importing_the_package_loads_nothing_heavy(name: str) -> None:
    """Names are imported on their first use."""
    code = f"import sys, {name}; print([m for m in ('httpx', 'anyio', 'h11') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]" == done.stdout.strip()
