"""Staff group and staff members of the demo."""

from dataclasses import dataclass
from typing import Any

from bot.demo.telegram.forum import ForumGroup

GROUP_ID = -1007000000001
TITLE = "Staff of Connects Desk"
HOURS = "mon-sun 08:00-22:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of the staff group; `role` is empty for one who is not staff."""

    id: str
    telegram_id: int
    name: str
    role: str

    def user(self) -> dict[str, Any]:
        """Bot API `User`."""
        return {"id": self.telegram_id, "is_bot": False, "first_name": self.name}


MEMBERS = (
    Member(id="ann", telegram_id=7000009001, name="Ann", role="lead"),
    Member(id="bob", telegram_id=7000009002, name="Bob", role="agent"),
    Member(id="ida", telegram_id=7000009004, name="Ida", role="admin"),
    Member(id="eve", telegram_id=7000009003, name="Eve", role=""),
)
"""Eve is in the group without being staff."""


def roles() -> str:
    """The members' roles, in the form of the setting `staff`."""
    return ",".join(f"{one.telegram_id}:{one.role}" for one in MEMBERS if one.role)


def staff_group() -> ForumGroup:
    user = {"id": GROUP_ID, "first_name": TITLE}
    return ForumGroup(user=user, title=TITLE, started=True)
