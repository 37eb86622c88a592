"""Give all packages a new version: what `nox -s version -- WORD` runs.

The version stands in the file VERSION. Packages pin their siblings to that same version, literally,
because an sdist is built without the repository around it; here these pins are rewritten.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PARTS = ("major", "minor", "patch")
PIN = re.compile(r'(?<=")(connector-[a-z]+(?:\[[a-z,-]+\])?)==\d+\.\d+\.\d+(?=")')
"""A sibling pin as it stands in the dependencies of a package's pyproject.toml."""


def next_version(current: str, word: str) -> str:
    """The version that a word of the command line stands for.

    Args:
        current: the version now, X.Y.Z.
        word: `major`, `minor`, `patch`, or the new version itself.

    Raises:
        ValueError: the word is none of these.
    """
    if re.fullmatch(r"\d+\.\d+\.\d+", word):
        return word
    if word not in PARTS:
        msg = f"{word!r} is neither one of {', '.join(PARTS)} nor a version X.Y.Z"
        raise ValueError(msg)
    numbers = [int(number) for number in current.split(".")]
    part = PARTS.index(word)
    return ".".join(map(str, [*numbers[:part], numbers[part] + 1, *[0] * (2 - part)]))


def changes(root: Path, version: str) -> Iterator[tuple[Path, str]]:
    """The files that a new version changes, each with its new text."""
    yield root / "VERSION", f"{version}\n"
    for path in sorted(root.glob("packages/*/pyproject.toml")):
        yield path, PIN.sub(rf"\1=={version}", path.read_text(encoding="utf-8"))


def main(words: list[str]) -> str | None:
    """Rewrite VERSION and the pins; returns what was wrong with the command line, if anything."""
    if len(words) != 1:
        return "Usage: nox -s version -- patch|minor|major|X.Y.Z"
    current = (ROOT / "VERSION").read_text(encoding="utf-8").strip()
    try:
        version = next_version(current, words[0])
    except ValueError as error:
        return f"nox -s version: {error}"
    for path, text in changes(ROOT, version):
        path.write_text(text, encoding="utf-8", newline="\n")
    print(f"{current} -> {version}; now move the entries of CHANGELOG.md under the new version")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
