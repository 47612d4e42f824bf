"""Replies as data: template, context and buttons. Handlers return them, the outbox sends them."""

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
    """Key of a message that later replies may edit; each chat has one message per matter."""
    edit: bool = False
    """Edit the chat's message of this matter, if there is one, instead of sending."""
    pressed: bool = False
    """The message whose button was pressed becomes the chat's message of this matter."""
    retires: bool = False
    """The message whose button was pressed loses its buttons, which mean nothing any more."""
    to: int | None = None
    """Chat to send to, if not the one that wrote."""
    contact_button: bool = False
    """Show a reply keyboard to share one's own contact (private chats only)."""
    remove_keyboard: bool = False


Replies: TypeAlias = list[Reply]
