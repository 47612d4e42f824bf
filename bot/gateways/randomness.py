"""Identity and chance from the operating system's source."""

import secrets

from state.model.verification import SessionId

_CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without I, L, O, 0 and 1, which are mistaken for each other."""


class SystemDice:
    def session_id(self) -> SessionId:
        return SessionId(secrets.token_hex(16))

    def seed(self) -> bytes:
        return secrets.token_bytes(16)

    def link_token(self) -> str:
        return secrets.token_urlsafe(16)

    def link_code(self) -> str:
        """Of letters and digits both, so that it is no word and no number where it is typed."""
        while (letters := _letters(8)).isalpha() or letters.isdecimal():
            continue
        return f"{letters[:4]}-{letters[4:]}"


def _letters(count: int) -> str:
    return "".join(secrets.choice(_CODE_LETTERS) for _ in range(count))
