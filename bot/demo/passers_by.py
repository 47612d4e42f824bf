"""Simulated people who ask questions when the demo starts, so that staff pages have content."""

import asyncio
import tomllib
from dataclasses import dataclass
from importlib import resources

from bot.demo.errors import NotNowError
from bot.demo.telegram.answer import Json
from bot.demo.telegram.server import Telegram

FIRST_ID = 7000005001
PATIENCE = 10.0
"""Seconds to wait for an answer; the bot may still be starting."""
LOOK_EVERY = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A message of a simulated person."""

    text: str
    verdict: str = ""
    """Label of the button to press under the answer; empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PasserBy:
    """A simulated person and what they say."""

    telegram_id: int
    name: str
    says: tuple[Saying, ...]


def load_passers_by() -> tuple[PasserBy, ...]:
    """The people of `passers_by.toml`."""
    text = resources.files("bot.demo").joinpath("passers_by.toml").read_text(encoding="utf-8")
    return tuple(
        PasserBy(
            telegram_id=FIRST_ID + place,
            name=one["name"],
            says=tuple(Saying(**saying) for saying in one["says"]),
        )
        for place, one in enumerate(tomllib.loads(text)["people"])
    )


async def pass_by(people: tuple[PasserBy, ...], telegram: Telegram) -> None:
    """Run all conversations concurrently; each message waits for the answer to the one before."""
    for one in people:
        user = {"id": one.telegram_id, "first_name": one.name, "language_code": "en"}
        telegram.chats.add(user, phone="")
    await asyncio.gather(*(_talk(one, telegram) for one in people))


async def _talk(one: PasserBy, telegram: Telegram) -> None:
    for saying in one.says:
        said = telegram.visitors.say(one.telegram_id, saying.text)
        answer = await _answer(one, said["message_id"], telegram)
        data = _button(answer, saying.verdict) if answer else None
        if answer and data:
            try:
                telegram.visitors.press(one.telegram_id, answer["message_id"], data)
            except NotNowError:
                return


async def _answer(one: PasserBy, after: int, telegram: Telegram) -> Json | None:
    """First message of the bot after message id `after`; None if there is none in time."""
    conversation = telegram.chats.of(one.telegram_id)
    for _ in range(int(PATIENCE / LOOK_EVERY)):
        for message in conversation.messages.values():
            if message["message_id"] > after and message["from"]["id"] != one.telegram_id:
                return message
        await asyncio.sleep(LOOK_EVERY)
    return None


def _button(message: Json, label: str) -> str | None:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    found = [cell["callback_data"] for row in rows for cell in row if cell.get("text") == label]
    return found[0] if found else None
