"""People's names."""


def full_name(given_name: str | None, family_name: str | None) -> str:
    """Return a person's names in one text, given name first, without missing or blank ones."""
    return " ".join(name.strip() for name in (given_name, family_name) if name and name.strip())
