"""Taking a line apart, token by token."""

import re


class SudoersError(ValueError):
    """A line that is no sudoers(5), or more of it than is read here."""


def token(form: str) -> re.Pattern[str]:
    """A token of a form, with the blanks that may follow it."""
    return re.compile(rf"(?P<token>{form})\s*")


class Scanner:
    """A line, and how much of it has been taken."""

    def __init__(self, line: str) -> None:
        self._line = line
        self._position = 0

    def take(self, form: re.Pattern[str]) -> str | None:
        """Take the next token; None, and nothing is taken, if it has another form."""
        match = form.match(self._line, self._position)
        if match is None:
            return None
        self._position = match.end()
        return match["token"]

    def has(self, form: re.Pattern[str]) -> bool:
        """Whether the next token has that form; if so, it is taken."""
        return self.take(form) is not None

    def expect(self, form: re.Pattern[str]) -> str:
        """Take the next token; `SudoersError` if it has another form."""
        taken = self.take(form)
        if taken is None:
            raise SudoersError
        return taken

    def expect_end(self) -> None:
        """`SudoersError` if anything is left."""
        if self._position < len(self._line):
            raise SudoersError
