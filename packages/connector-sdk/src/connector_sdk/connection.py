"""Checking a request's credentials against the declaration (contract, rows 3 to 6)."""

from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json, to_json

from connector_sdk.declaration import Declaration
from connector_sdk.models.credentials import CredentialConfig
from connector_sdk.validation import describe


class ConnectionFault(Exception):
    """A request's credentials are not those that the integration declares; `str()` says how."""


InputCredentials = list[tuple[int, str, BaseModel]]
"""Credentials read with an `input_model`: their place in the list, their kind, what was read."""


def read_input_models(
    declaration: Declaration, text: str | bytes
) -> tuple[str | bytes, InputCredentials]:
    """Read those credentials for which the integration declares an `input_model`.

    They are taken out of the request, since the model of their kind may refuse what the
    integration's own model takes, and `put_input_models` puts them back.

    Returns:
        The request's text without them, and what was read; for an integration without such
        models, or a request of another shape or no JSON, the text as it is and nothing.

    Raises:
        ConnectionFault: one does not fit its model.
    """
    own = {
        config.id: config for config in declaration.credentials if config.input_model is not None
    }
    if not own:
        return text, []

    try:
        data = from_json(text)
    except (TypeError, ValueError):  # whoever reads all of the request says what is wrong with it
        return text, []

    elements = data.get("credentials") if isinstance(data, dict) else None
    if not isinstance(elements, list):
        return text, []

    found: InputCredentials = []
    for position, element in enumerate(elements):
        identity = element.get("id") if isinstance(element, dict) else None
        config = own.get(identity) if isinstance(identity, str) else None
        if config is None or element.get(config.type.value) is None:
            continue

        kind = config.type.value
        found.append((position, kind, _read_input(config, element.pop(kind), position)))

    return (to_json(data), found) if found else (text, [])


def _read_input(config: CredentialConfig, value: Any, position: int) -> BaseModel:
    model: type[BaseModel] = config.input_model  # type: ignore[assignment] # checked by the caller
    try:
        return model.model_validate_json(to_json(value))
    except ValidationError as error:
        raise ConnectionFault(
            describe(error, model, inside=f"credentials[{position}].{config.type.value}")
        ) from None


def put_input_models(args: Any, found: InputCredentials) -> None:
    """Put what `read_input_models` read where the objects of their kinds stand."""
    for position, kind, value in found:
        setattr(args.credentials[position], kind, value)


def check_connection(declaration: Declaration, args: Any) -> None:
    """Check the credentials of a request that has fields for them.

    Raises:
        ConnectionFault: both `auth` and `credentials`, neither, or others than declared.
    """
    auth, credentials = getattr(args, "auth", None), getattr(args, "credentials", None)
    if auth is not None and credentials:
        raise ConnectionFault("auth and credentials are both given; give one of them")

    if credentials:
        _check_credentials(declaration, credentials)
    elif auth is not None:
        _check_auth(declaration, auth)
    elif declaration.auth_kind:
        raise ConnectionFault(f"auth: required, with {declaration.auth_kind}")
    elif declaration.credentials:
        is_a_choice = all(config.optional for config in declaration.credentials)
        which = "one of the ids" if is_a_choice else "with the ids"
        raise ConnectionFault(f"credentials: required, {which} {_ids(declaration)}")


def _check_auth(declaration: Declaration, auth: Any) -> None:
    kind = declaration.auth_kind
    if kind is not None and _field(auth, kind) is None:
        raise ConnectionFault(f"auth.{kind}: required by this integration")

    if declaration.credentials:
        raise ConnectionFault(
            f"auth: this integration takes credentials, with the ids {_ids(declaration)}"
        )


def _check_credentials(declaration: Declaration, credentials: Any) -> None:
    if not isinstance(credentials, list):
        raise ConnectionFault("credentials: must be a list")

    configured = {config.id: config for config in declaration.credentials}
    seen: set[str] = set()
    for position, credential in enumerate(credentials):
        where = f"credentials[{position}]"
        identity = _field(credential, "id")
        if not isinstance(identity, str):
            raise ConnectionFault(f"{where}.id: required")

        config = configured.get(identity)
        if config is None:
            raise ConnectionFault(f"{where}.id: unknown; this integration has {_ids(declaration)}")

        if identity in seen:
            raise ConnectionFault(f"{where}.id: given twice")

        if _field(credential, config.type.value) is None:
            raise ConnectionFault(f"{where}.{config.type.value}: required")

        seen.add(identity)

    missing = [
        each.id for each in declaration.credentials if not each.optional and each.id not in seen
    ]
    if missing:
        raise ConnectionFault(f"credentials: {', '.join(missing)} missing")


def _field(credential: Any, name: str) -> Any:
    """Return a part of a credential; a custom request may have it as its own model or as a dict."""
    return credential.get(name) if isinstance(credential, dict) else getattr(credential, name, None)


def _ids(declaration: Declaration) -> str:
    return ", ".join(config.id for config in declaration.credentials) or "none"
