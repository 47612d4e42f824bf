"""Two people at the same time, in step, on purpose: no fact of one ever reaches the other."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.incoming import turn_loop
from bot.incoming.chat_context import chat_context_of
from state.ports import UnitOfWork
from tests.support.builders import a_snapshot
from tests.support.chat import ADA, BEN, Conversation, Scene
from tests.support.scenes import opened_scene

FACTS = {
    ADA: (
        "A••",
        "… 23",
        "33 Connects left",
        "72%",
        "<b>10 of 40",
        "Then: 20 of 40",
        "Adalheidis",
        "f-1001",
        "platypus",
    ),
    BEN: (
        "B••",
        "… 78",
        "44 Connects left",
        "61%",
        "<b>0 of 40",
        "Then: 10 of 40",
        "Balthasar",
        "f-1002",
        "wombat",
    ),
}
"""What each of them is shown or has said; nobody else may see it."""

CALL = ["/verify", "[Yes, call me now]"]
CHAT = [
    "/start {token}",
    "[Yes, link it]",
    "/connects",
    "how do I raise my profile to 80%? asks {word}",
    "[What if …?]",
    "[If done: 80% profile completeness]",
    "/nudges",
    "[Yes, once a week]",
    *CALL,
    "/connects",
    "/export",
    "/cancel",
    "/verify",
    "/unlink",
]


@pytest.fixture
def journey_url(database_url: str) -> str:
    return database_url


async def at_once(scene: Scene, *contents: dict[str, Any]) -> None:
    """All updates are in before the first is handled; turns and sends run side by side."""
    updates = [
        {"update_id": scene.updates + place, **content}
        for place, content in enumerate(contents, start=1)
    ]
    scene.updates += len(contents)
    await scene.parts.intake.take(updates)
    database = scene.parts.desk.database
    lanes = await database.inbox_queue.waiting_lanes()
    await asyncio.gather(*(scene.parts.turns.run([lane]) for lane in sorted(lanes)))
    while rows := await database.outbox_queue.due(scene.clock.now(), limit=50, busy_lanes=()):
        await asyncio.gather(*(scene.parts.outbox.deliver(row) for row in rows))


def content(someone: Conversation, step: str, **own: str) -> dict[str, Any]:
    """Of an update: words, a command, or the newest button with the label in brackets."""
    if not step.startswith("["):
        text = step.format(**own)
        command = text.split()[0]
        entity = {"type": "bot_command", "offset": 0, "length": len(command)}
        entities = {"entities": [entity]} if command.startswith("/") else {}
        return {"message": someone._message(text=text, **entities)}
    found = [
        (shown, button["callback_data"])
        for shown in someone.messages
        for button in shown.buttons
        if button["text"] == step[1:-1]
    ]
    assert found, f"no button {step} in {someone.text}"
    shown, data = found[-1]
    return {
        "callback_query": {
            "id": str(someone.person),
            "from": someone._user(),
            "chat_instance": "1",
            "data": data,
            "message": someone._message(text="") | {"message_id": shown.message_id},
        }
    }


async def arrive(scene: Scene) -> None:
    await scene.push(
        a_snapshot(ADA, display_name="Adalheidis", connects_balance=33, completeness=72)
    )
    await scene.push(
        a_snapshot(
            BEN,
            display_name="Balthasar",
            connects_balance=44,
            completeness=61,
            phone="+12025550178",
            profile={"photo": False},
        )
    )


async def live_side_by_side(scene: Scene, ada: Conversation, ben: Conversation) -> None:
    hers, his = [
        {
            "token": (await scene.offer_link(f"f-{one.person}"))["url"].partition("?start=")[2],
            "word": word,
        }
        for one, word in ((ada, "platypus"), (ben, "wombat"))
    ]
    for step in CHAT:
        await at_once(scene, content(ada, step, **hers), content(ben, step, **his))
        scene.clock.forward(seconds=1)


def everything_sent(scene: Scene, someone: Conversation) -> str:
    """Also what was edited away, and what is in files."""
    sent = [
        json.dumps(call, ensure_ascii=False)
        for _, call in scene.telegram.calls
        if call.get("chat_id") == someone.chat
    ]
    files = [shown.file.content.decode() for shown in someone.messages if shown.file]
    return "\n".join((*sent, *files))


def leaks(scene: Scene, ada: Conversation, ben: Conversation) -> list[str]:
    """Facts of one in what the other was sent; and codes, of which each is one chat's own."""
    hers, his = everything_sent(scene, ada), everything_sent(scene, ben)
    codes = {code for code in scene.telegram.codes if code in hers and code in his}
    return [
        *(fact for fact in FACTS[BEN] if fact in hers),
        *(fact for fact in FACTS[ADA] if fact in his),
        *codes,
    ]


async def test_no_fact_of_one_person_appears_in_the_others_chat(
    scene: Scene, ada: Conversation, ben: Conversation
) -> None:
    await arrive(scene)

    await live_side_by_side(scene, ada, ben)

    untold = [
        fact
        for someone in (ada, ben)
        for fact in FACTS[someone.person]
        if fact not in everything_sent(scene, someone)
    ]
    assert leaks(scene, ada, ben) == []
    assert len(scene.telegram.codes) == 2
    assert untold == []


class Forgetful:
    """Keeps who is writing in one place for all, and looks it up again when both have come."""

    def __init__(self) -> None:
        self.reader: object = None
        self.both = asyncio.Barrier(2)

    async def __call__(self, unit: UnitOfWork, event: Any) -> object:
        self.reader = await chat_context_of(unit, event)
        await self.both.wait()
        return self.reader


@pytest_asyncio.fixture
async def careless(postgres_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    """A bot that gets that fault, where turns run side by side: on SQLite they take turns."""
    async with opened_scene(postgres_url, folder=tmp_path) as scene:
        yield scene


async def test_a_bot_with_shared_reader_state_is_detected(
    careless: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, ben = careless.person(ADA), careless.person(BEN)
    await arrive(careless)
    await ada.accept_link("f-1001")
    await ben.accept_link("f-1002")
    monkeypatch.setattr(turn_loop, "chat_context_of", Forgetful())

    await at_once(careless, content(ada, "/connects"), content(ben, "/connects"))

    assert leaks(careless, ada, ben) != []
