"""The base class of all wire models, and with it how they read and refuse."""

from pydantic import BaseModel, ConfigDict


class WireModel(BaseModel):
    """What goes over the wire, in either direction (contract, section 2).

    Unknown keys are ignored, so that a newer platform can call an older connector. A field with
    an alias is also read by its name; write with ``by_alias=True``. An assignment is checked
    like a constructor's argument.

    Building is deferred: a process that answers one call pays for the models of that call.
    """

    model_config = ConfigDict(
        populate_by_name=True,
        validate_assignment=True,
        protected_namespaces=(),
        defer_build=True,
    )
