"""Finding the integration that a command line is for."""

import importlib
import sys

from connector_cli.logs import text_of
from connector_sdk import Integration


class LoadingError(Exception):
    """There is no integration where it should be; `str()` says what was found."""


def load(integration: str | Integration) -> Integration:
    """Return an integration, imported if it is given as `module:attribute`.

    Raises:
        LoadingError: it cannot be imported, or is no `Integration`.
    """
    if isinstance(integration, Integration):
        return integration

    module_name, colon, attribute = integration.partition(":")
    if not colon or not module_name or not attribute:
        raise LoadingError(
            f"{integration!r} does not name an integration; write 'package.module:attribute'"
        )

    found = getattr(_import(module_name), attribute, None)
    if not isinstance(found, Integration):
        raise LoadingError(
            f"{integration!r} is not an Integration but {type(found).__name__}; "
            "name the module and the variable that hold it"
        )

    return found


def _import(module_name: str) -> object:
    from connector_sdk import IntegrationError

    try:
        return importlib.import_module(module_name)
    except ImportError as error:
        raise LoadingError(_missing(module_name, error)) from error
    except IntegrationError as error:
        raise LoadingError(f"{module_name}: {error}") from error
    except (Exception, SystemExit) as error:
        raise LoadingError(_cause(module_name, error)) from error


def _missing(module_name: str, error: ImportError) -> str:
    """Return what is not installed, and what to do."""
    from connector_sdk.extras import MissingExtraError

    if isinstance(error, MissingExtraError):
        return f"{module_name}: {error}"

    name = error.name if isinstance(error, ModuleNotFoundError) else None
    if name is not None and f"{module_name}.".startswith(f"{name}."):
        return f"there is no module {name!r}; is the connector installed?"

    # A part of a package that is there, or of a bundle: nothing that its user could install.
    if name is None or "." in name or hasattr(sys, "frozen"):
        return _cause(module_name, error)

    return (
        f"{module_name}: {name} is not installed, and {_importer(error)} imports it; install the "
        "connector with what it requires: python -m pip install, with the folder of its "
        "pyproject.toml"
    )


def _importer(error: ImportError) -> str:
    """Return the place of the import that failed."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    found = [each for each in frames if not each.filename.startswith("<frozen ")]
    return f"{found[-1].filename}, line {found[-1].lineno},"


def _cause(module_name: str, error: BaseException) -> str:
    """Return the traceback: only the connector's author can mend what it shows."""
    return f"importing {module_name} failed:\n{text_of(error)}"
