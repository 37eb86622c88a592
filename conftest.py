"""What `-m "not slow"` asks for everywhere: no more than a quick check needs is read or tried."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("quick", max_examples=20)


def is_quick(config: pytest.Config) -> bool:
    """Whether only the tests that are not slow are asked for."""
    return bool(config.option.markexpr == "not slow")


def pytest_configure(config: pytest.Config) -> None:
    """Try fewer examples of each law; the session test_slow tries all that hypothesis would."""
    if is_quick(config):
        settings.load_profile("quick")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out modules that are slow as a whole: they may import what is not installed."""
    if not is_quick(config) or collection_path.suffix != ".py":
        return None

    text = collection_path.read_text(encoding="utf-8")
    return "\npytestmark = pytest.mark.slow" in text or None
