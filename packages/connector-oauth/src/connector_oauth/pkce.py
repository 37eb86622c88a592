"""PKCE: proof that whoever brings the code is who asked for it (RFC 7636)."""

import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256

VERIFIER_BYTES = 64
"""Random bytes in a verifier; 86 characters of base64url, and RFC 7636 wants 43 to 128."""


def make_code_verifier() -> str:
    """Return a new verifier: keep it, and send it only with the code (RFC 7636, section 4.1)."""
    return secrets.token_urlsafe(VERIFIER_BYTES)


def make_code_challenge(code_verifier: str) -> str:
    """Return the S256 challenge of a verifier, for the authorization URL (section 4.2)."""
    digest = sha256(code_verifier.encode("ascii")).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
