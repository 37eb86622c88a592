"""What PyInstaller has to know of the SDK to compile a connector."""

import os


def hook_dirs() -> list[str]:
    """Return the folder with the hooks; the entry point `hook-dirs` of `pyinstaller40` is this."""
    return [os.path.dirname(__file__)]
