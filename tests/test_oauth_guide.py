"""The guide to OAuth names what there is; that its code runs is said by `test_documents`."""

import re
from pathlib import Path

import connector_oauth
from connector_oauth import OAuthSettings

GUIDE = (Path(__file__).parent.parent / "docs" / "oauth.md").read_text(encoding="utf-8")


def test_every_setting_is_explained() -> None:
    """The table has all that can be said of a provider."""
    explained = set(re.findall(r"`(\w+)`", GUIDE.split("## Tokens")[0]))
    assert set() == set(OAuthSettings.model_fields) - explained


def test_every_function_is_named() -> None:
    """Who wants a piece alone finds it."""
    functions = {name for name in connector_oauth.__all__ if name.islower()}
    assert set() == functions - set(re.findall(r"\b\w+\b", GUIDE))
