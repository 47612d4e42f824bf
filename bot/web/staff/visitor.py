"""Who looks at a page: a member of the staff, in one of their browsers."""

import hmac
from dataclasses import dataclass

from state.model.sign_in import Visit
from state.model.staff import Staff
from state.rules.rights import Right, may


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
