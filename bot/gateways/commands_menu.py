"""Telegram's menu, description and short text for the bot, set only where they differ."""

from bot.gateways.telegram import Calls
from bot.templating import Templating

COMMANDS = ("connects", "verify", "topics", "human", "cancel", "privacy", "help")


async def introduce(calls: Calls, templating: Templating, language: str) -> None:
    """Cosmetic: the caller goes on when Telegram refuses."""
    wanted = [
        {"command": name, "description": templating.label(f"command_{name}", {}, language)}
        for name in COMMANDS
    ]
    scope = {"type": "all_private_chats"}
    if await calls.call("getMyCommands", scope=scope) != wanted:
        await calls.call("setMyCommands", commands=wanted, scope=scope)
    for kind, getter, setter, name in (
        ("description", "getMyDescription", "setMyDescription", "about"),
        ("short_description", "getMyShortDescription", "setMyShortDescription", "about_short"),
    ):
        words = templating.label(name, {}, language)
        if (await calls.call(getter)).get(kind) != words:
            await calls.call(setter, **{kind: words})
