"""How the company says no.

The company knows nothing of error codes; `integration.py` says which code each refusal gets.
A message never repeats what the caller sent.

    Refusal
    ├── NotFound     there is no such account or entitlement
    └── NotAllowed   a rule of the company forbids the change
"""


class Refusal(Exception):
    """The company does not do what it was asked; nothing has changed."""


class NotFound(Refusal):
    """There is no such account or entitlement."""


class NotAllowed(Refusal):
    """A rule of the company forbids the change."""
