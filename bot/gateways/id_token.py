"""ID tokens of OpenID Connect: reads an issuer's keys and verifies signatures with them.

A module of its own, since PyJWT with its cryptography takes 9 MB that only a login needs.
"""

from collections.abc import Callable, Mapping
from typing import Any

import jwt

ALGORITHMS = ("RS256", "ES256", "ES256K", "EdDSA")
"""Signature algorithms of @BotFather's choice; all asymmetric, so the desk can't forge a token."""


def verifier(key_set: Mapping[str, Any]) -> Callable[[str, str, str], Mapping[str, Any]]:
    """Read the keys of a JWKS document; ValueError if they can't be used.

    Returns a function of a token, its audience and issuer, which gives the claims once the
    signature is verified, or raises ValueError. The times in the claims are left to the caller.
    """
    try:
        keys = jwt.PyJWKSet.from_dict(dict(key_set))
    except (jwt.PyJWKSetError, jwt.PyJWKError) as error:
        raise ValueError(str(error)) from None

    def verify(token: str, audience: str, issuer: str) -> Mapping[str, Any]:
        try:
            claims: Mapping[str, Any] = jwt.decode(
                token,
                keys[jwt.get_unverified_header(token).get("kid", "")],
                algorithms=list(ALGORITHMS),
                audience=audience,
                issuer=issuer,
                options={
                    "require": ["iss", "aud", "exp", "iat"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except (jwt.InvalidTokenError, KeyError) as error:
            raise ValueError(str(error)) from None
        return claims

    return verify
