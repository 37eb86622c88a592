"""Giving the SDK's own classes the methods that old code calls on them."""


def give(methods: type, *, to: type) -> None:
    """Give a class the public methods of another, as if they were its own.

    The old name stands for the SDK's class itself, so that there is one of it: a subclass would
    not be what the SDK makes and returns.
    """
    for name, method in vars(methods).items():
        if not name.startswith("_") and (callable(method) or isinstance(method, classmethod)):
            setattr(to, name, method)
