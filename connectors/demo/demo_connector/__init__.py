"""A connector: its declaration is in `integration.py`, its command in `main.py`."""

__version__ = "0.1.0"
