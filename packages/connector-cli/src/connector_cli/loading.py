"""Finding the integration that a command line is for."""

import importlib

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
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise LoadingError(_cause(module_name, error)) from error

        raise LoadingError(
            f"there is no module {error.name!r}; is the connector installed?"
        ) from error
    except IntegrationError as error:
        raise LoadingError(f"{module_name}: {error}") from error
    except (Exception, SystemExit) as error:
        raise LoadingError(_cause(module_name, error)) from error


def _cause(module_name: str, error: BaseException) -> str:
    """Return the traceback: only the connector's author can mend what it shows."""
    return f"importing {module_name} failed:\n{text_of(error)}"
