"""The guide to OAuth: its code runs, and it names what there is."""

import re
from pathlib import Path

from pytest_cases import parametrize

import connector_oauth
from connector_oauth import OAuthSettings

GUIDE = (Path(__file__).parent.parent / "docs" / "oauth.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```", GUIDE, flags=re.MULTILINE | re.DOTALL)


@parametrize("code", EXAMPLES, ids=[f"example {number}" for number in range(len(EXAMPLES))])
def test_an_example_runs(code: str) -> None:
    """Whoever copies an example has code that works."""
    exec(compile(code, "docs/oauth.md", "exec"), {"__name__": "example"})


def test_every_setting_is_explained() -> None:
    """The table has all that can be said of a provider."""
    explained = set(re.findall(r"`(\w+)`", GUIDE.split("## Tokens")[0]))
    assert set() == set(OAuthSettings.model_fields) - explained


def test_every_function_is_named() -> None:
    """Who wants a piece alone finds it."""
    functions = {name for name in connector_oauth.__all__ if name.islower()}
    assert set() == functions - set(re.findall(r"\b\w+\b", GUIDE))
