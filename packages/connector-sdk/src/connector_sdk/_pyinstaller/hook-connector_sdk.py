"""PyInstaller's hook for the SDK: modules that its packages import by name, when asked for one."""  # noqa: N999 - PyInstaller finds hooks by this name

from PyInstaller.utils.hooks import collect_submodules  # type: ignore[import-untyped] # it has no types

USED_BY_IMPORT = ("connector_sdk._pyinstaller", "connector_sdk.http", "connector_sdk.testing")
"""Parts that a connector has only if it imports them, which PyInstaller sees."""

hiddenimports = collect_submodules(
    "connector_sdk", filter=lambda name: not name.startswith(USED_BY_IMPORT)
)
