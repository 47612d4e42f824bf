"""Commands that the demo page sends: a name and a JSON object each."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, TypeAlias, TypeVar

from bot.demo.errors import NotNowError
from bot.demo.phone.line import PhoneLine
from bot.demo.world import State, World

Wish: TypeAlias = Mapping[str, Any]
Command: TypeAlias = Callable[[World, Wish], State | Awaitable[State] | None]
T = TypeVar("T", str, int, bool)
PICTURE = {"width": 320, "height": 320}
LONGEST_STEP = timedelta(days=400)


def _given(wish: Wish, name: str, kind: type[T]) -> T:
    value = wish.get(name)
    if not isinstance(value, kind):
        raise NotNowError(f"The page forgot to say {name}.")
    return value


def _chat(world: World, wish: Wish) -> int:
    return world.person(_given(wish, "person", str)).telegram_id


def _line(world: World, wish: Wish) -> PhoneLine:
    return world.line(_given(wish, "person", str))


def say(world: World, wish: Wish) -> None:
    world.telegram.visitors.say(_chat(world, wish), _given(wish, "text", str))


def press(world: World, wish: Wish) -> State:
    query_id = world.telegram.visitors.press(
        _chat(world, wish), _given(wish, "message_id", int), _given(wish, "data", str)
    )
    return {"query_id": query_id}


def tap(world: World, wish: Wish) -> None:
    world.telegram.visitors.tap(_chat(world, wish), _given(wish, "label", str))


def contact(world: World, wish: Wish) -> None:
    chat = _chat(world, wish)
    world.telegram.visitors.share_contact(chat, world.telegram.visitors.own_card(chat))


def edit(world: World, wish: Wish) -> None:
    world.telegram.visitors.edit(
        _chat(world, wish), _given(wish, "message_id", int), _given(wish, "text", str)
    )


def block(world: World, wish: Wish) -> None:
    world.telegram.visitors.block(_chat(world, wish), blocked=_given(wish, "blocked", bool))


def link(world: World, wish: Wish) -> Awaitable[State]:
    return world.open_link(_given(wish, "person", str))


def staff_say(world: World, wish: Wish) -> None:
    member = world.member(_given(wish, "member", str)).user()
    text, thread = _given(wish, "text", str), _given(wish, "thread", int)
    reply_to = _given(wish, "reply_to", int) if wish.get("reply_to") else None
    members = world.telegram.members
    members.say(world.group, member, text, thread=thread, reply_to=reply_to)


def staff_edit(world: World, wish: Wish) -> None:
    member = world.member(_given(wish, "member", str)).user()
    message_id, text = _given(wish, "message_id", int), _given(wish, "text", str).strip()
    if not text:
        raise NotNowError("There is nothing to send yet.")
    world.telegram.members.edit(world.group, member, message_id, text=text)


def staff_delete_topic(world: World, wish: Wish) -> None:
    world.telegram.members.delete_topic(world.group, _given(wish, "thread", int))


def picture(world: World, wish: Wish) -> None:
    """Send a picture as this person."""
    name = f"screenshot-{world.telegram.chats.next_id}.png"
    said = world.telegram.messages.files.remember("photo", name, name.encode(), **PICTURE)
    world.telegram.visitors.post(_chat(world, wish), said)


def answer(world: World, wish: Wish) -> None:
    _line(world, wish).answer()


def decline(world: World, wish: Wish) -> None:
    _line(world, wish).refuse("busy")


def no_answer(world: World, wish: Wish) -> None:
    _line(world, wish).refuse("no-answer")


def hang_up(world: World, wish: Wish) -> None:
    _line(world, wish).hang_up()


def key(world: World, wish: Wish) -> None:
    _line(world, wish).press(_given(wish, "key", str))


def speak(world: World, wish: Wish) -> None:
    text = _given(wish, "text", str).strip()
    if not text:
        raise NotNowError("Say something first.")
    _line(world, wish).speak(text)


def clock(world: World, wish: Wish) -> None:
    step = timedelta(minutes=_given(wish, "minutes", int))
    if not timedelta() < step <= LONGEST_STEP:
        raise NotNowError("The clock only moves forward, and not by years.")
    world.move_clock(step)


def busy(world: World, wish: Wish) -> None:
    world.set_busy(busy=_given(wish, "busy", bool))


COMMANDS: Mapping[str, Command] = {
    "say": say,
    "press": press,
    "tap": tap,
    "contact": contact,
    "edit": edit,
    "picture": picture,
    "staff-say": staff_say,
    "staff-edit": staff_edit,
    "staff-delete-topic": staff_delete_topic,
    "block": block,
    "link": link,
    "answer": answer,
    "decline": decline,
    "busy-line": decline,
    "no-answer": no_answer,
    "hang-up": hang_up,
    "key": key,
    "speak": speak,
    "clock": clock,
    "telegram-busy": busy,
}


async def carry_out(name: str, wish: Wish, world: World) -> State:
    """Run the command and return its JSON result.

    NotNowError if there is no such command, or it can't be done now.
    """
    command = COMMANDS.get(name)
    if command is None:
        raise NotNowError(f"The page can't do {name}.")
    result = command(world, wish)
    if asyncio.iscoroutine(result):
        result = await result
    return result if isinstance(result, dict) else {}
