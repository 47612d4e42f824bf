"""Random ids, seeds and codes from the operating system's generator."""

import secrets

from state.model.verification import SessionId

_CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without I, L, O, 0 and 1, which are easily confused."""


class SystemDice:
    """Implements the port `Dice` with the `secrets` module."""

    def session_id(self) -> SessionId:
        """Random id of a call session, 32 hex digits."""
        return SessionId(secrets.token_hex(16))

    def seed(self) -> bytes:
        """Random seed that a verification code is derived from, 16 bytes."""
        return secrets.token_bytes(16)

    def link_token(self) -> str:
        """Random token of a link, 22 URL-safe characters."""
        return secrets.token_urlsafe(16)

    def link_code(self) -> str:
        """Random code to type, like AB3D-EF7H.

        Always holds letters and digits, so that no typed word or number is taken for one.
        """
        while (letters := _letters(8)).isalpha() or letters.isdecimal():
            continue
        return f"{letters[:4]}-{letters[4:]}"


def _letters(count: int) -> str:
    return "".join(secrets.choice(_CODE_LETTERS) for _ in range(count))
