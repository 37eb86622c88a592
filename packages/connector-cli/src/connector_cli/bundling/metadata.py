"""What an agent finds in a bundle and beside it: the program, `metadata.toml`, the digest."""

import hashlib
import json
import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from connector_cli.calls import NoReply

METADATA = "metadata.toml"
"""Name of the file in a bundle that says which connector it is."""

CONTENTS = "_internal"
"""The folder in a bundle that has all but the program."""

ON_PREM = "_on_prem"
"""What the app id of a connector ends in where it runs on the customer's premises."""

_APP_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+_-]*")


@dataclass(frozen=True, slots=True)
class Metadata:
    """Which connector a bundle is.

    Raises:
        NoReply: the app id or the version cannot be part of a file's name.
    """

    app_id: str
    """The app id without `ON_PREM`."""

    version: str

    def __post_init__(self) -> None:
        check_app_id(self.app_id)
        if not _VERSION.fullmatch(self.version):
            raise NoReply(
                f"{self.version!r} cannot be a connector's version; "
                "use letters, digits and . + - _, such as 1.0.2"
            )

    @property
    def name(self) -> str:
        """The archive's name, without its suffix."""
        return f"{self.app_id}-{self.version}"

    def text(self) -> str:
        """The content of the file."""
        app_id, version = json.dumps(f"{self.app_id}{ON_PREM}"), json.dumps(self.version)
        return f"[connector]\napp_id = {app_id}\nversion = {version}\n"


def executable_name() -> str:
    """Return the name of a bundle's program on this system."""
    return "main.exe" if sys.platform == "win32" else "main"


def check_app_id(app_id: str) -> None:
    """Check that a text can be an app id.

    Raises:
        NoReply: it cannot; `str()` says what can.
    """
    if not _APP_ID.fullmatch(app_id):
        raise NoReply(
            f"{app_id!r} is not an app id; use letters, digits and underscores, "
            "starting with a letter, such as acme"
        )


def read_metadata(folder: Path) -> Metadata:
    """Return what the metadata of an unpacked bundle says.

    Raises:
        NoReply: it is missing, or is not what `Metadata.text` writes.
    """
    path = folder / METADATA
    try:
        connector = tomllib.loads(path.read_text(encoding="utf-8"))["connector"]
        app_id, version = connector["app_id"], connector["version"]
        is_complete = isinstance(app_id, str) and isinstance(version, str)
    except FileNotFoundError:
        raise NoReply(f"the bundle has no {METADATA}") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoReply(f"the bundle's {METADATA} cannot be read: {error!r}") from None

    if not is_complete or not app_id.endswith(ON_PREM):
        raise NoReply(
            f"the bundle's {METADATA} needs a version, and an app_id that ends in {ON_PREM}"
        )

    return Metadata(app_id.removesuffix(ON_PREM), version)


def digest_path(archive: Path) -> Path:
    """Return where the digest of an archive is: beside it."""
    return archive.with_name(f"{archive.name}.sha256")


def digest_line(digest: str, archive: Path) -> str:
    """Return the content of the digest's file, in the form that `sha256sum --check` reads."""
    return f"{digest}  {archive.name}\n"


def read_digest(archive: Path) -> str:
    """Return the digest that lies beside an archive, in lower case.

    Raises:
        NoReply: there is none, or the file holds something else.
    """
    path = digest_path(archive)
    try:
        words = path.read_text(encoding="utf-8").split()
    except FileNotFoundError:
        raise NoReply(
            f"there is no {path.name} beside it; copy the digest together with the archive"
        ) from None
    except (OSError, ValueError) as error:
        raise NoReply(f"{path.name} cannot be read: {error}") from None

    if not words or not re.fullmatch("[0-9a-fA-F]{64}", words[0]):
        raise NoReply(f"{path.name} does not start with a SHA-256 digest")

    return words[0].lower()


def sha256(path: Path) -> str:
    """Return the SHA-256 digest of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
