"""`connector compile-on-prem`: a connector that runs without Python, in an archive."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

from connector_cli.bundling.archive import SUFFIX, ZIP_EPOCH, check_writable, write_archive
from connector_cli.bundling.components import find_components
from connector_cli.bundling.freezing import (
    Frozen,
    environment,
    freeze,
    write_launcher,
)
from connector_cli.bundling.installed import Installed
from connector_cli.bundling.licences import write_licences
from connector_cli.bundling.machine import missing_tools
from connector_cli.bundling.metadata import CONTENTS, METADATA, Metadata, check_app_id
from connector_cli.bundling.package import ConnectorPackage, find_package
from connector_cli.bundling.sbom import FILE, write_sbom
from connector_cli.bundling.signals import ended_by_sigterm
from connector_cli.calls import NoReply
from connector_cli.descriptors import say

EPOCH_VARIABLE = "SOURCE_DATE_EPOCH"
"""Environment variable with the time of the build (reproducible-builds.org), in seconds."""

OF_THIS_MACHINE = (
    "INSTALLER",
    "RECORD",
    "REQUESTED",
    "direct_url.json",
    "uv_build.json",
    "uv_cache.json",
)
"""Files in a distribution's metadata that tell how and where it was installed."""

PATIENCE = 120
"""Seconds that a connector has to answer `info`."""


def compile_on_prem(
    *, connector_root_module_dir: Path, app_id: str, output_directory: Path
) -> Path:
    """Build a connector, and return the path of its archive; the digest lies beside it.

    Parameters:
        connector_root_module_dir: the folder of the connector's package, with `main.py`.
        app_id: the connector's app id, without `_on_prem`.
        output_directory: where the archive is written to; made if it is missing.

    Raises:
        NoReply: the connector cannot be built; `str()` says why. Nothing was written.
    """
    check_app_id(app_id)
    package = find_package(connector_root_module_dir)
    _check_output(output_directory, package)
    check_writable(output_directory / f"{app_id}{SUFFIX}")
    for missing in missing_tools():
        raise NoReply(missing)

    epoch = _epoch()
    with _reported(), ended_by_sigterm(), TemporaryDirectory(prefix="connector-") as folder:
        work = Path(folder)
        launcher = write_launcher(package, work)
        info = _info([sys.executable, str(launcher)], environment(package), work)
        metadata = Metadata(app_id, _version(info))
        archive = output_directory / f"{metadata.name}{SUFFIX}"
        check_writable(archive)
        say(f"connector: building {metadata.name}, which takes half a minute")
        installed = Installed()
        frozen = freeze(package, launcher, installed=installed, epoch=epoch, work=work)
        _complete(package, frozen, installed=installed, metadata=metadata, epoch=epoch)
        _compare(info, _info([str(frozen.executable)], dict(os.environ), work), app_id)
        write_archive(frozen.folder, archive, epoch=epoch)

    return archive


def _check_output(folder: Path, package: ConnectorPackage) -> None:
    """Refuse to write where the next build would find its own archive, and take it for data."""
    if folder.resolve().is_relative_to(package.folder):
        raise NoReply(
            f"--output-directory: {folder.resolve()} is in the connector's package, all of which "
            "goes into the bundle; name a folder outside of it"
        )


def _complete(
    package: ConnectorPackage,
    frozen: Frozen,
    *,
    installed: Installed,
    metadata: Metadata,
    epoch: int,
) -> None:
    """Add to what PyInstaller made all that makes it a bundle."""
    contents = frozen.folder / CONTENTS
    found = find_components(package, frozen, installed)
    if found.strangers:
        say(
            f"connector: warning: the bill of materials lacks {', '.join(found.strangers)}, "
            "which no installed distribution says it brought"
        )

    own = installed.owner(package.main_path)
    _clean_metadata(contents, installed, {own, *(each.name for each in found.components)})
    write_licences(found.components, contents)
    write_sbom(metadata, found, contents / FILE, epoch=epoch)
    (frozen.folder / METADATA).write_text(metadata.text(), encoding="utf-8", newline="\n")


def _clean_metadata(contents: Path, installed: Installed, kept: set[str | None]) -> None:
    """Remove the metadata of distributions that are not there, and what tells of this machine."""
    for folder in contents.glob("*.dist-info"):
        if installed.owner(PurePath(folder.name, "METADATA")) not in kept:
            shutil.rmtree(folder)
            continue

        for name in OF_THIS_MACHINE:
            (folder / name).unlink(missing_ok=True)


def _info(command: list[str], variables: dict[str, str], work: Path) -> dict[str, Any]:
    """Return what a connector says of itself, from its source or compiled.

    Raises:
        NoReply: it says nothing; its own words for why are in `str()`.
    """
    what = "the compiled connector" if len(command) == 1 else "the connector"
    try:
        ended = subprocess.run(  # noqa: S603 - the connector that the user names
            [*command, "info"],
            check=False,
            cwd=work,
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        raise NoReply(f"{what} does not answer info within {PATIENCE} seconds") from None

    try:
        info = json.loads(ended.stdout)["response"]
        assert isinstance(info, dict)
    except (AssertionError, KeyError, TypeError, ValueError):
        words = ended.stderr.decode(errors="replace").strip() or _silence(ended.stdout)
        raise NoReply(f"{what} does not answer info:\n{words}") from None

    return info


def _silence(printed: bytes) -> str:
    """Return what may be wrong with a connector that explains nothing."""
    if printed.strip():
        return "it printed something else on stdout, and nothing on stderr"

    return (
        "it ended without a word; main.py is run as a program: let it end with\n"
        'if __name__ == "__main__":\n    main()'
    )


def _version(info: dict[str, Any]) -> str:
    version = info.get("version")
    if isinstance(version, str) and version.strip():
        return version

    raise NoReply(
        "the connector has no version; give its Integration one, "
        'such as version=__version__ with __version__ = "1.0.0" in the package'
    )


def _compare(source: dict[str, Any], compiled: dict[str, Any], app_id: str) -> None:
    """Say in which way a compiled connector is not what its source or its caller says it is."""
    for key in sorted(source.keys() | compiled.keys()):
        if source.get(key) != compiled.get(key):
            say(f"connector: warning: compiled, the connector has another {key} in its info")

    if compiled.get("app_id") != app_id:
        say(
            f"connector: warning: the connector calls itself {compiled.get('app_id')!r}, "
            f"and --app-id says {app_id!r}"
        )


def _epoch() -> int:
    value = os.environ.get(EPOCH_VARIABLE, "").strip() or str(ZIP_EPOCH)
    if not value.isdecimal():
        raise NoReply(f"{EPOCH_VARIABLE} must be seconds since 1970; it is {value!r}")

    return int(value)


@contextmanager
def _reported() -> Iterator[None]:
    """Turn what goes wrong with files, such as a full disk, into words for a person."""
    try:
        yield
    except OSError as error:
        place = f" {error.filename}:" if error.filename else ""
        raise NoReply(f"cannot build the connector:{place} {error.strerror or error}") from None
