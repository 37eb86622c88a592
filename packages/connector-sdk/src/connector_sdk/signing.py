"""Signing a JSON Web Token from a JWT credential (RFC 7515, RFC 7519)."""

import json
import time
from collections.abc import Mapping
from typing import Any

from connector_sdk.errors import ConnectorError
from connector_sdk.extras import MissingExtraError
from connector_sdk.models import ErrorCode, JWTCredential
from connector_sdk.redaction import add_secret

KEY_TYPE_BY_ALGORITHM = {"HS": "oct", "RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}
"""The kind of key an algorithm signs with, by the two characters its name begins with."""

DEFAULT_ALGORITHM = "HS256"
"""Algorithm of a credential that names none."""


def sign_jwt(credentials: JWTCredential, expiration_minutes: int = 20) -> str:
    """Return a signed token with the headers and claims of a JWT credential.

    `iat` (now) and `exp` are added where the credential has none; the credential itself is not
    changed. The token is a secret of the running call from then on.

    Parameters:
        credentials: headers, claims and the key: a PEM, or the shared secret of an HMAC algorithm.
        expiration_minutes: minutes from `iat` to `exp`.

    Returns:
        The token in compact form, `header.claims.signature`.

    Raises:
        ConnectorError: `bad_request`, when the algorithm is unknown, the key does not fit it, or
            a header is not valid.
        MissingExtraError: joserfc is not installed.
    """
    header = _header(credentials)
    claims = _claims(credentials, expiration_minutes)
    try:
        return sign(claims, header=header, key=credentials.secret)
    except ValueError as error:
        raise ConnectorError(
            message=f"auth.jwt: {error}", error_code=ErrorCode.BAD_REQUEST
        ) from None


def sign(claims: Mapping[str, Any], *, header: Mapping[str, Any], key: str) -> str:
    """Return a signed token with these claims.

    The token is a secret of the running call from then on.

    Parameters:
        claims: the claims, as JSON values.
        header: the JOSE header, with `alg`.
        key: a private key in PEM, or the shared secret of an HMAC algorithm.

    Returns:
        The token in compact form, `header.claims.signature`.

    Raises:
        ValueError: the algorithm is unknown, the key does not fit it, or a header is not valid;
            the message quotes none of them.
        MissingExtraError: joserfc is not installed.
    """
    try:
        from joserfc import jwk, jwt
        from joserfc.errors import JoseError
    except ModuleNotFoundError as error:
        raise MissingExtraError("jwt", error) from None

    algorithm = str(header["alg"])
    key_type: Any = KEY_TYPE_BY_ALGORITHM.get(algorithm[:2])
    if key_type is None:
        raise ValueError("headers.alg: not an algorithm that signs, such as RS256 or HS256")

    try:
        imported = jwk.import_key(_key_text(key), key_type)
        token = jwt.encode(dict(header), dict(claims), imported, [algorithm])
    except (JoseError, TypeError, ValueError):
        # The library's own words can quote the key or the headers.
        raise ValueError("the headers or the key are not valid for the algorithm") from None

    add_secret(token)
    return token


def _header(credentials: JWTCredential) -> dict[str, Any]:
    """Return the JOSE header; what the wire has as text is given the type of RFC 7515."""
    header = credentials.headers.model_dump(by_alias=True, exclude_none=True)
    header.setdefault("alg", DEFAULT_ALGORITHM)
    if "x5c" in header:
        header["x5c"] = [header["x5c"]]

    if "jwk" in header:
        try:
            header["jwk"] = json.loads(header["jwk"])
        except ValueError:
            raise ConnectorError(
                message="auth.jwt.headers.jwk: not a JSON Web Key as JSON text",
                error_code=ErrorCode.BAD_REQUEST,
            ) from None

    return header


def _claims(credentials: JWTCredential, expiration_minutes: int) -> dict[str, Any]:
    claims = credentials.claims.model_dump(exclude_none=True)
    if "scope" in claims:
        claims["scope"] = " ".join(claims["scope"])  # RFC 8693, section 4.2

    issued_at = claims.setdefault("iat", int(time.time()))
    claims.setdefault("exp", issued_at + 60 * expiration_minutes)
    return claims


def _key_text(secret: str) -> str:
    r"""Return a key's text; a PEM that went through a form often has `\n` for its line ends."""
    is_flat_pem = secret.startswith("-----BEGIN") and "\n" not in secret
    return secret.replace("\\n", "\n") if is_flat_pem else secret
