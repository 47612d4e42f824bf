"""The two cookies: who is signed in, and who is about to be. No script can read them."""

from dataclasses import dataclass

from aiohttp import web

from state.rules.signing_in import LONGEST

HANDSHAKE_LASTS = 600
"""Seconds to come back from Telegram."""


@dataclass(frozen=True, slots=True)
class Cookies:
    """Over https their names bind them to this very host: no neighbour can set them."""

    https: bool

    @property
    def visit(self) -> str:
        return self._name("staff")

    @property
    def handshake(self) -> str:
        return self._name("staff-login")

    def keep_visit(self, answer: web.Response, secret: str) -> None:
        self._keep(answer, self.visit, secret, int(LONGEST.total_seconds()))

    def keep_handshake(self, answer: web.Response, secret: str) -> None:
        self._keep(answer, self.handshake, secret, HANDSHAKE_LASTS)

    def drop(self, answer: web.Response, name: str) -> None:
        answer.del_cookie(name, path="/", secure=self.https, httponly=True, samesite="Lax")

    def _keep(self, answer: web.Response, name: str, value: str, lasts: int) -> None:
        answer.set_cookie(
            name,
            value,
            max_age=lasts,
            path="/",
            secure=self.https,
            httponly=True,
            samesite="Lax",
        )

    def _name(self, name: str) -> str:
        return f"__Host-{name}" if self.https else name
