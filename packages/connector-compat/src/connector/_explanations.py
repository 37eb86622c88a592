"""What is said in place of a function that has no counterpart here."""


class GoneError(NotImplementedError):
    """A function of the predecessor was called that this package only names.

    Parameters:
        name: the function, with its module.
        why: why there is none, and what to do instead, as a sentence.
    """

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name} has no counterpart here: {why}")
