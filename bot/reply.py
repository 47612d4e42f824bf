"""What to show a person, as data. Handlers return these; the outbox delivers them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.callbacks import Payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One inline button. `label` names a text in `templates/messages/buttons.html`."""

    label: str
    """The words on it, already in the reader's language."""
    press: Payload | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One message. `template` is the name of a file in `templates/messages/`."""

    template: str
    context: Mapping[str, object] = field(default_factory=dict)
    buttons: tuple[tuple[Button, ...], ...] = ()
    ask_contact: bool = False
    """Show the button that shares one's own contact (private chats only)."""
    matter: str | None = None
    """Living message: one a chat and matter."""
    edit: bool = False


Replies: TypeAlias = list[Reply]
