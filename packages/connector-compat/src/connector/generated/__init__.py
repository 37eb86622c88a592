"""The models and enums of the contract, at their paths in the predecessor's API.

Names are imported on their first use; the table of them is in `connector.generated.models`.
"""

from typing import TYPE_CHECKING, Any

from connector.generated import models

__all__ = models.__all__

if TYPE_CHECKING:
    from connector.generated.models import *  # noqa: F403 # all of them, which is what is meant
else:

    def __getattr__(name: str) -> Any:
        return getattr(models, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
