"""Building a connector that runs without Python, in the predecessor's two steps.

`connector_cli.bundle.compile_on_prem` does both: a folder with the executable, then its archive.
"""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "DEFAULT_EXCLUDE_MODULES",
    "BundleDetails",
    "bundle_onprem",
    "compile_executable_for_onprem",
    "connector_metadata_file",
    "get_about_path_from_package",
    "get_archive_filename",
    "get_version_from_package",
]

DEFAULT_EXCLUDE_MODULES = ("IPython", "jedi", "fastapi", "watchfiles", "uvicorn", "fastapi")
"""Modules that were left out of a bundle; now it has what the connector requires and no more."""


@dataclass(frozen=True)
class BundleDetails:
    """Which connector is bundled, and where."""

    source_root_directory: Path
    """The folder of the connector's package."""

    compiled_root_directory: Path
    """The folder with the executable, as `compile_executable_for_onprem` made it."""

    bundle_directory: Path
    """Where the archive is written to."""

    version: str
    app_id: str


def compile_executable_for_onprem(
    *,
    connector_root_module_dir: Path,
    app_id: str,
    exclude_modules: Iterable[str],
    sdk_root: Path,
    compile_directory: Path | None = None,
) -> None:
    """Build a connector into a folder.

    Parameters:
        connector_root_module_dir: the folder of the connector's package, with `main.py`.
        app_id: the connector's app id.
        exclude_modules: not used; see `DEFAULT_EXCLUDE_MODULES`.
        sdk_root: not used.
        compile_directory: where the executable and all that it needs is written to; by default
            the folder `dist` in the current one.

    Raises:
        NoReply: the connector cannot be built; `str()` says why.
        MissingExtraError: PyInstaller is not installed.
    """
    from shutil import unpack_archive
    from tempfile import TemporaryDirectory

    from connector_cli.parts import part

    bundle = part("bundle", extra="compile")
    with TemporaryDirectory() as folder:
        archive = bundle.compile_on_prem(
            connector_root_module_dir=connector_root_module_dir,
            app_id=app_id,
            output_directory=Path(folder),
        )
        unpack_archive(
            archive,
            compile_directory or Path("dist"),
            filter=None if archive.suffix == ".zip" else "data",  # zip archives know no filter
        )


def get_about_path_from_package(package_path: Path) -> Path:
    """Return the file `__about__.py` of a package.

    Raises:
        FileNotFoundError: it has none.
    """
    path = package_path / "__about__.py"
    if not path.is_file():
        raise FileNotFoundError(f"{package_path} has no __about__.py")

    return path


def get_version_from_package(package_path: Path) -> str:
    """Return the `__version__` in the file `__about__.py` of a package.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it does not set `__version__` to a text.
    """
    path = get_about_path_from_package(package_path)
    for statement in ast.parse(path.read_bytes()).body:
        match statement:
            case ast.Assign(
                targets=[ast.Name("__version__")], value=ast.Constant(str() as version)
            ):
                return version

    raise ValueError(f'{path} does not say __version__ = "…"')


def bundle_onprem(bundle: BundleDetails) -> Path:
    """Write the archive of a connector that was built, and return its path.

    Raises:
        NoReply: it cannot be written; what stood there before still does.
    """
    from connector_cli.bundling.archive import ZIP_EPOCH, write_archive

    archive = bundle.bundle_directory / get_archive_filename(bundle)
    write_archive(bundle.compiled_root_directory, archive, epoch=ZIP_EPOCH)
    return archive


def get_archive_filename(bundle: BundleDetails) -> str:
    """Return the name of a connector's archive."""
    from connector_cli.bundling.archive import SUFFIX
    from connector_cli.bundling.metadata import Metadata

    return f"{Metadata(bundle.app_id, bundle.version).name}{SUFFIX}"


def connector_metadata_file(app_id: str, version: str) -> str:
    """Return the content of a bundle's `metadata.toml`.

    Parameters:
        app_id: the connector's app id, with `_on_prem` at its end or without.
        version: the connector's version.
    """
    from connector_cli.bundling.metadata import ON_PREM, Metadata

    return Metadata(app_id.removesuffix(ON_PREM), version).text()
