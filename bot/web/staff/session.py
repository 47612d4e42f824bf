"""Who looks at a page: a member of the staff, in one of their browsers."""

import hmac
from dataclasses import dataclass

from aiohttp import web

from state.model.sign_in import Visit
from state.model.staff import Staff
from state.rules.staff_access import LONGEST, Right, may


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    staff: Staff
    visit: Visit
    csrf: str
    """Comes back with whatever changes something; another site can't know it."""

    def may(self, right: str) -> bool:
        return may(self.staff.role, Right(right))

    @property
    def actor(self) -> str:
        """As the audit trail names them."""
        return f"staff:{self.staff.id}"


def csrf_of(secret: str) -> str:
    """Of a visit's secret, so that it need not be stored, and doesn't tell it."""
    return hmac.digest(secret.encode(), b"csrf", "sha256").hex()


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
