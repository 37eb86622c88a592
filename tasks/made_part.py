"""The part of a page that a script makes: between `<!-- made by: SCRIPT -->` and `<!-- end -->`."""

import re
from pathlib import Path


def with_made_part(page: str, *, script: str, part: str) -> str:
    """Return a page with its made part replaced.

    Parameters:
        page: the page's text.
        script: the script that makes the part, as the page names it.
        part: the new part.

    Raises:
        ValueError: the page has no such part, or several.
    """
    begin, end = f"<!-- made by: {script} -->\n", "<!-- end -->"
    pattern = re.escape(begin) + ".*?" + re.escape(end)
    replaced, times = re.subn(pattern, lambda _: f"{begin}\n{part}\n\n{end}", page, flags=re.DOTALL)
    if times != 1:
        raise ValueError(f"a page should have one part between {begin.strip()} and {end}")

    return replaced


def rewrite(page: Path, *, script: str, part: str) -> None:
    """Replace the made part of the file of a page; parameters as for `with_made_part`."""
    text = page.read_text(encoding="utf-8")
    made = with_made_part(text, script=script, part=part)
    page.write_text(made, encoding="utf-8", newline="\n")
