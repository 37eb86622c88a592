"""What a tenant configures: which machine is read."""

from pydantic import BaseModel, Field, StrictStr


class PosixSettings(BaseModel):
    """The settings of one tenant."""

    root: StrictStr = Field(
        default="/",
        title="Root directory",
        description=(
            "Absolute path of the root of the machine to read: / is the machine that the"
            " connector runs on, another directory the mounted image of some other machine."
        ),
    )
