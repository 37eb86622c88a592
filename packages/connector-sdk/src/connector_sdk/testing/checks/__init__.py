"""Ready-made tests of a connector, written as data: suites of checks, each a test with a name."""

import pytest

pytest.register_assert_rewrite(  # so that a check that fails shows what it compared
    f"{__name__}.app_errors", f"{__name__}.description", f"{__name__}.listing"
)
