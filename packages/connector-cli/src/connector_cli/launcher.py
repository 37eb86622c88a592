"""What a compiled connector starts with."""

import sys
from importlib.util import find_spec

CHILD = "--multiprocessing-fork"
"""First word of a process that `multiprocessing` spawned, in any frozen application."""


def launch(module: str) -> None:
    """Run a connector's `main` module as `python -m` runs it.

    A compiled connector is its own interpreter: what `multiprocessing` starts is this program
    again, with words of its own. Such a child is told from a call here, before anything reads the
    words as one, and does not return.

    Parameters:
        module: dotted name of the module, such as `acme_connector.main`.
    """
    if _may_be_a_child():
        _serve_multiprocessing()

    spec = find_spec(module)
    assert spec is not None
    assert spec.loader is not None
    main = sys.modules["__main__"]
    # Children that multiprocessing spawns find the module by this, and a traceback its file.
    main.__spec__ = spec
    main.__file__ = spec.origin
    main.__package__ = spec.parent
    exec(spec.loader.get_code(module), main.__dict__)  # type: ignore[attr-defined] # noqa: S102 # as runpy does, with the program's own name in sys.argv


def _may_be_a_child() -> bool:
    return getattr(sys, "frozen", False) and (sys.argv[1:2] == [CHILD] or "-c" in sys.argv)


def _serve_multiprocessing() -> None:
    """Be what multiprocessing started, if it did: a child, its fork server or resource tracker."""
    import multiprocessing

    # PyInstaller runs this at every start, which costs each call the import of multiprocessing.
    import pyi_rth_multiprocessing  # type: ignore[import-not-found] # noqa: F401 # it is in bundles

    multiprocessing.freeze_support()  # its own by now
