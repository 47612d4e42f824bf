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
        letters = "".join(secrets.choice(_CODE_LETTERS) for _ in range(8))
        return f"{letters[:4]}-{letters[4:]}"
