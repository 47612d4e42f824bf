"""Session of a staff member in a browser: visitor, CSRF token, cookies."""

import hmac
from dataclasses import dataclass

from aiohttp import web

from state.model.sign_in import StaffSession
from state.model.staff import Staff
from state.rules.staff_access import LONGEST, Right, may


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A signed-in staff member."""

    staff: Staff
    visit: StaffSession
    csrf: str
    """CSRF token, sent back with each change; another site can't know it."""

    def may(self, right: str) -> bool:
        """Whether the staff member's role has this right."""
        return may(self.staff.role, Right(right))

    @property
    def actor(self) -> str:
        """Name in the audit trail."""
        return f"staff:{self.staff.id}"


def csrf_of(secret: str) -> str:
    """CSRF token derived from the session secret, so that it is not stored; one-way."""
    return hmac.digest(secret.encode(), b"csrf", "sha256").hex()


HANDSHAKE_LASTS = 600
"""Lifetime of the login handshake's cookie, seconds."""


@dataclass(frozen=True, slots=True)
class Cookies:
    """Names and attributes of our cookies.

    Over https the `__Host-` prefix binds them to this host, so that no other subdomain can set
    them.
    """

    https: bool

    @property
    def visit(self) -> str:
        """Name of the session cookie."""
        return self._name("staff")

    @property
    def handshake(self) -> str:
        """Name of the cookie of a login in progress."""
        return self._name("staff-login")

    def set_visit(self, answer: web.Response, secret: str) -> None:
        """Set the session cookie."""
        self._set(answer, self.visit, secret, int(LONGEST.total_seconds()))

    def set_handshake(self, answer: web.Response, secret: str) -> None:
        """Set the cookie of a login in progress."""
        self._set(answer, self.handshake, secret, HANDSHAKE_LASTS)

    def delete(self, answer: web.Response, name: str) -> None:
        """Delete a cookie."""
        answer.del_cookie(name, path="/", secure=self.https, httponly=True, samesite="Lax")

    def _set(self, answer: web.Response, name: str, value: str, lasts: int) -> None:
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
