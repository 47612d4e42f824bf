"""Bot API methods on the bot's name, descriptions and commands, by scope and language."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.demo.events import Events
from bot.demo.telegram.answer import Json, bad_request
from bot.demo.telegram.arguments import Arguments

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
COMMAND_LIMIT = 100
DESCRIPTION_LIMIT = 256
LANGUAGE = re.compile(r"[a-z]{2}|")
SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
LIMITS = {"name": 64, "description": 512, "short_description": 120}
METHOD_NAMES = {
    "name": "Name",
    "description": "Description",
    "short_description": "ShortDescription",
}


class Profile:
    """Name, descriptions and commands that the bot has set."""

    def __init__(self, *, name: str, events: Events) -> None:
        self._events = events
        self._texts: dict[tuple[str, str], str] = {("name", ""): name}
        self._commands: dict[tuple[str, str], list[Json]] = {}
        self._menu_button: Json = {"type": "commands"}

    def methods(self) -> Mapping[str, Callable[[Arguments], Any]]:
        found: dict[str, Callable[[Arguments], Any]] = {
            "setMyCommands": self.set_commands,
            "getMyCommands": self.get_commands,
            "deleteMyCommands": self.delete_commands,
            "setChatMenuButton": self.set_menu_button,
            "getChatMenuButton": lambda _: self._menu_button,
        }
        for field, name in METHOD_NAMES.items():
            found[f"setMy{name}"] = self._setter(field)
            found[f"getMy{name}"] = self._getter(field)
        return found

    def commands_for(self, chat_id: int, language: str) -> list[Json]:
        """Commands in a person's menu: narrowest scope first, then their language."""
        for scope in (f"chat:{chat_id}", "all_private_chats", "default"):
            for spoken in (language, ""):
                if self._commands.get((scope, spoken)):
                    return self._commands[scope, spoken]
        return []

    def description_for(self, language: str) -> str:
        return self._texts.get(("description", language)) or self._texts.get(
            ("description", ""), ""
        )

    def set_commands(self, arguments: Arguments) -> bool:
        commands = arguments.json("commands")
        if not isinstance(commands, list):
            raise bad_request("can't parse commands: expected an Array")
        if len(commands) > COMMAND_LIMIT:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            _check_command(command)
        self._commands[_scope(arguments), _language(arguments)] = commands
        self._events.publish({"type": "commands"})
        return True

    def get_commands(self, arguments: Arguments) -> list[Json]:
        return self._commands.get((_scope(arguments), _language(arguments)), [])

    def delete_commands(self, arguments: Arguments) -> bool:
        self._commands.pop((_scope(arguments), _language(arguments)), None)
        self._events.publish({"type": "commands"})
        return True

    def set_menu_button(self, arguments: Arguments) -> bool:
        button = arguments.json("menu_button") or {"type": "default"}
        if button.get("type") not in {"commands", "web_app", "default"}:
            raise bad_request("can't parse menu button: unsupported type")
        self._menu_button = button
        return True

    def _setter(self, field: str) -> Callable[[Arguments], bool]:
        def set_text(arguments: Arguments) -> bool:
            text = arguments.text(field)
            if len(text) > LIMITS[field]:
                raise bad_request(f"BOT_{field.upper()}_TOO_LONG")
            self._texts[field, _language(arguments)] = text
            self._events.publish({"type": "commands"})
            return True

        return set_text

    def _getter(self, field: str) -> Callable[[Arguments], Json]:
        def get_text(arguments: Arguments) -> Json:
            language = _language(arguments)
            text = self._texts.get((field, language)) or self._texts.get((field, ""), "")
            return {field: text}

        return get_text


def _check_command(command: Any) -> None:
    given = command if isinstance(command, dict) else {}
    if not COMMAND.fullmatch(str(given.get("command", "")).removeprefix("/")):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(str(given.get("description", ""))) <= DESCRIPTION_LIMIT:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")


def _scope(arguments: Arguments) -> str:
    scope = arguments.json("scope") or {"type": "default"}
    kind = scope.get("type")
    if kind not in SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type")
    wanted = SCOPES[kind]
    if any(name not in scope for name in wanted):
        raise bad_request("can't parse BotCommandScope: chat_id is missing")
    return ":".join([kind, *(str(scope[name]) for name in wanted)])


def _language(arguments: Arguments) -> str:
    language = arguments.text("language_code")
    if not LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language
