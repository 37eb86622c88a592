"""A case that fails when a connector has capabilities without cases."""

import pytest

__all__ = ["case_coverage_check"]

missing: dict[str, set[str]] = {}
"""By app id, the capabilities without cases, as `gather_cases` found them last."""


def case_coverage_check() -> None:
    """Fail, and say which capabilities of which connector have no case."""
    found = [
        f"{app_id}: {', '.join(sorted(names))}"
        for app_id, names in sorted(missing.items())
        if names
    ]
    if found:
        pytest.fail(f"capabilities without cases: {'; '.join(found)}", pytrace=False)
