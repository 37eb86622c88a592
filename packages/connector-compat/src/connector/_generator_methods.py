"""What the predecessor's models, made by a generator, could do beside what pydantic's can.

Type checkers learn of it from the stub package `connector_sdk-stubs`, which lies beside this one.
"""

from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from connector_sdk.models.base import WireModel as _Model
else:
    _Model = object


class GeneratorMethods(_Model):
    """Methods that every wire model has as soon as anything of this package is imported."""

    def to_str(self) -> str:
        """Return the data for people, over several lines where it is long."""
        from pprint import pformat

        return pformat(self.model_dump(by_alias=True))

    def to_json(self) -> str:
        """Return `to_dict()` as JSON."""
        import json

        return json.dumps(self.to_dict())

    @classmethod
    def from_json(cls, json_str: str) -> Self | None:
        """Return the model of a JSON text; None for `null`.

        Raises:
            ValueError: it is not JSON, or does not fit the model.
        """
        import json

        return cls.from_dict(json.loads(json_str))

    def to_dict(self) -> dict[str, Any]:
        """Return the data by its names on the wire, without what is None.

        A free value, such as `raw_data`, is kept as None if it was given as None.
        """
        data = self.model_dump(by_alias=True, exclude_none=True)
        for name in self.model_fields_set:
            field = type(self).model_fields.get(name)
            if field is not None and field.annotation is Any:
                data.setdefault(field.alias or name, None)

        return data

    @classmethod
    def from_dict(cls, obj: Any) -> Self | None:
        """Return the model of a dictionary, of which unknown keys are ignored; None for None.

        Raises:
            pydantic.ValidationError: it does not fit the model.
        """
        return None if obj is None else cls.model_validate(obj)
