"""What to show a person, as data. Handlers return these; the outbox delivers them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.presentation.buttons import Payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One inline button; `label` names a macro in `templates/messages/buttons.html`."""

    label: str
    values: Mapping[str, object] = field(default_factory=dict)
    press: Payload | None = None
    url: str | None = None


Row: TypeAlias = tuple[Button, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One message; `template` names a file in `templates/messages/`."""

    template: str
    context: Mapping[str, object] = field(default_factory=dict)
    buttons: tuple[Row, ...] = ()
    matter: str | None = None
    """A living message: one a chat and matter, which later replies may edit in place."""
    edit: bool = False
    """Edit the living message of that matter if there is one."""
    pressed: bool = False
    """That message is the one whose button was pressed, however many others came after it."""
    to: int | None = None
    """Another chat than the one that wrote."""
    contact_button: bool = False
    """Offer to share one's own contact, by a reply keyboard (private chats only)."""
    remove_keyboard: bool = False


Replies: TypeAlias = list[Reply]
