"""The bot's command menu and descriptions at Telegram, updated only where they differ."""

import asyncio
from collections.abc import Awaitable

from bot.gateways.telegram.client import BlockedError, BotApiCalls, RefusedError, TelegramError
from bot.presentation.templates import Templating

COMMANDS = ("connects", "verify", "topics", "human", "cancel", "privacy", "help")


STAFF_COMMANDS = ("take", "release", "close", "note", "a", "delete", "ban", "unban", "help")


FIRST_PAUSE, LONGEST_PAUSE = 5.0, 600.0
"""Seconds between attempts to update menus while Telegram can't be asked."""


async def introduce(
    calls: BotApiCalls, templating: Templating, language: str, staff_chat: int | None = None
) -> bool:
    """Update menus and descriptions; False if it has to be tried again.

    A refusal is ignored, since they are cosmetic.
    """
    done = await _is_settled(_introduce_to_people(calls, templating, language))
    if staff_chat is None:
        return done
    return done & await _is_settled(_introduce_to_staff(calls, templating, language, staff_chat))


async def introduce_later(
    calls: BotApiCalls, templating: Templating, language: str, staff_chat: int | None = None
) -> None:
    """Try `introduce` again, less and less often, until nothing is left to do."""
    pause = FIRST_PAUSE
    while True:
        await asyncio.sleep(pause)
        if await introduce(calls, templating, language, staff_chat):
            return
        pause = min(pause * 2, LONGEST_PAUSE)


async def _is_settled(introduction: Awaitable[None]) -> bool:
    try:
        await introduction
    except (RefusedError, BlockedError):
        return True
    except TelegramError:
        return False
    return True


async def _introduce_to_people(calls: BotApiCalls, templating: Templating, language: str) -> None:
    menu = [_command(name, f"command_{name}", templating, language) for name in COMMANDS]
    await _lay_out(calls, menu, {"type": "all_private_chats"})
    for kind, getter, setter, name in (
        ("description", "getMyDescription", "setMyDescription", "about"),
        ("short_description", "getMyShortDescription", "setMyShortDescription", "about_short"),
    ):
        words = templating.label(name, {}, language)
        if (await calls.call(getter)).get(kind) != words:
            await calls.call(setter, **{kind: words})


async def _introduce_to_staff(
    calls: BotApiCalls, templating: Templating, language: str, chat_id: int
) -> None:
    """Update the staff commands, shown in the staff group only."""
    menu = [_command(name, f"staff_{name}", templating, language) for name in STAFF_COMMANDS]
    await _lay_out(calls, menu, {"type": "chat", "chat_id": chat_id})


def _command(name: str, label: str, templating: Templating, language: str) -> dict[str, str]:
    return {"command": name, "description": templating.label(label, {}, language)}


async def _lay_out(
    calls: BotApiCalls, menu: list[dict[str, str]], scope: dict[str, str | int]
) -> None:
    if await calls.call("getMyCommands", scope=scope) != menu:
        await calls.call("setMyCommands", commands=menu, scope=scope)
