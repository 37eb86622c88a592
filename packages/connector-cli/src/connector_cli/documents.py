"""Writing documents as JSON or YAML."""

import json
from collections.abc import Mapping
from typing import Any

from connector_sdk.extras import MissingExtraError


def write_document(document: Mapping[str, Any], form: str) -> str:
    """Return a document as text that ends with a line break.

    Parameters:
        document: JSON values.
        form: `json` or `yaml`.

    Raises:
        MissingExtraError: for YAML, when PyYAML is not installed.
    """
    if form == "json":
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"

    try:
        import yaml
    except ModuleNotFoundError as error:
        raise MissingExtraError("yaml", error, distribution="connector-cli") from error

    # The C library's, where PyYAML came with it, is ten times as fast.
    class Plain(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc] # one of two
        """Writes what is used twice twice: anchors are hard to read and to compare."""

        def ignore_aliases(self, _data: Any) -> bool:
            return True

    text: str = yaml.dump(document, Dumper=Plain, sort_keys=False, allow_unicode=True, width=100)
    return text
