# What type checkers are to know of the SDK's models where this package is installed: that they have
# the methods of `connector._generator_methods`. The rest of the SDK has its types itself (PEP 561:
# this stub package is partial).

from typing import Any, Self

from pydantic import BaseModel, ConfigDict

class WireModel(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
        validate_assignment=True,
        protected_namespaces=(),
        defer_build=True,
    )

    def to_str(self) -> str: ...
    def to_json(self) -> str: ...
    @classmethod
    def from_json(cls, json_str: str) -> Self | None: ...
    def to_dict(self) -> dict[str, Any]: ...
    @classmethod
    def from_dict(cls, obj: Any) -> Self | None: ...
