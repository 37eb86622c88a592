"""Models that stand for one of several, as the predecessor's replies do."""

from typing import Any, Self, get_args

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from connector._generator_methods import GeneratorMethods

_NOT_GIVEN: Any = object()


class AnyOf(GeneratorMethods, BaseModel):
    """One of several models; a subclass says in `actual_instance` which they are.

    Parameters:
        actual_instance: an instance of one of them.

    Raises:
        pydantic.ValidationError: it is something else.
    """

    model_config = ConfigDict(validate_assignment=True, defer_build=True)

    actual_instance: Any = None

    def __init__(self, actual_instance: Any = _NOT_GIVEN, **fields: Any) -> None:
        if actual_instance is not _NOT_GIVEN:
            fields["actual_instance"] = actual_instance

        super().__init__(**fields)

    @classmethod
    def _members(cls) -> tuple[type[Any], ...]:
        """Return the models, in the order in which they are tried."""
        alternatives = get_args(cls.model_fields["actual_instance"].annotation)
        return tuple(each for each in alternatives if each is not type(None))

    @property
    def any_of_schemas(self) -> set[str]:
        """The names of the models."""
        return {member.__name__ for member in self._members()}

    @field_validator("actual_instance", mode="before")
    @classmethod
    def _is_a_member(cls, value: Any) -> Any:
        if not isinstance(value, cls._members()):
            expected = " or ".join(member.__name__ for member in cls._members())
            raise ValueError(f"expected {expected}, found {type(value).__name__}")  # noqa: TRY004 # pydantic reports a ValueError

        return value

    @classmethod
    def from_dict(cls, obj: Any) -> Self:
        """Return what is read with the first of the models that a dictionary fits.

        Raises:
            ValueError: it fits none of them.
        """
        for member in cls._members():
            try:
                return cls(member.model_validate(obj))
            except ValidationError:
                continue

        expected = " nor ".join(member.__name__ for member in cls._members())
        raise ValueError(f"the data fits neither {expected}")

    @classmethod
    def from_json(cls, json_str: str) -> Self:
        """Return what is read with the first of the models that a JSON text fits.

        Raises:
            ValueError: it is not JSON, or fits none of them.
        """
        import json

        return cls.from_dict(json.loads(json_str))

    def to_dict(self) -> Any:
        """Return the instance's own dictionary; None without one."""
        return None if self.actual_instance is None else self.actual_instance.to_dict()
