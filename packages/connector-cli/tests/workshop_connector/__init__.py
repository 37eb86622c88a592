"""A connector that needs all that a compiled one could lack: data, native code, processes."""

from importlib.metadata import version

__version__ = version("workshop-connector")
