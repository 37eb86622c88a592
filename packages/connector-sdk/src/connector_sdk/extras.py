"""Optional dependencies: saying which extra installs what is missing."""


class MissingExtraError(ImportError):
    """A part of the SDK needs a package that is not installed; `str()` says how to install it.

    Parameters:
        extra: the extra that brings it, such as `jwt`.
        cause: the import's own failure, which names the missing module.
        distribution: the package that has the extra.
    """

    def __init__(
        self, extra: str, cause: ModuleNotFoundError, *, distribution: str = "connector-sdk"
    ) -> None:
        super().__init__(
            f"{cause.name} is not installed; it comes with: "
            f"python -m pip install '{distribution}[{extra}]'",
            name=cause.name,
        )
