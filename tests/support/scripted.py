"""A turn loop around one scripted handler, with all effects recorded."""

import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiogram.types import Update

from bot.incoming.routing import Dispatcher, Route
from bot.incoming.turn import Turn, UpdateKind
from bot.incoming.turn_loop import Present, TurnLoop
from bot.presentation.reply import Replies, Reply
from bot.telemetry.monitor import Monitor
from state.model.chat import ChatId
from state.model.work import Incoming, OutboxRow, SendReply
from state.ports import UnitOfWork
from tests.support.fakes import START, FakeClock, InMemoryDatabase
from tests.support.turns import catalogue, handler_config, use_cases

ADA = 1001
LANE = f"chat:{ADA}"
USER = {"id": ADA, "is_bot": False, "first_name": "Ada", "language_code": "de"}
CHAT = {"id": ADA, "type": "private", "first_name": "Ada"}


def a_message(text: str = "hello") -> dict[str, Any]:
    return {"message": {"message_id": 1, "date": 0, "chat": CHAT, "from": USER, "text": text}}


def a_press() -> dict[str, Any]:
    return {"callback_query": {"id": "q1", "from": USER, "chat_instance": "1", "data": "x"}}


def a_membership() -> dict[str, Any]:
    member = {"status": "member", "user": {"id": 42, "is_bot": True, "first_name": "Desk"}}
    change = {"chat": CHAT, "from": USER, "date": 0}
    return {"my_chat_member": {**change, "old_chat_member": member, "new_chat_member": member}}


Handle = Callable[[UnitOfWork], Awaitable[Replies]]


async def answer_hello(unit: UnitOfWork) -> Replies:
    return [Reply(template="hello")]


@dataclass(slots=True)
class Handed:
    """Fake handover to the delivery worker: records rows, reserves every lane but `theirs`."""

    theirs: frozenset[str] = frozenset()
    rows: list[OutboxRow] = field(default_factory=list)
    earlier: dict[str, frozenset[int]] = field(default_factory=dict)
    held: list[str] = field(default_factory=list)

    async def reserve(self, lanes: Collection[str]) -> frozenset[str]:
        ours = frozenset(lanes) - self.theirs
        self.held += sorted(ours)
        return ours

    async def hand_over(
        self,
        rows: Sequence[OutboxRow],
        earlier: Mapping[str, frozenset[int]],
        reserved: Collection[str],
    ) -> None:
        self.rows += rows
        self.earlier |= earlier
        for lane in reserved:
            self.held.remove(lane)


def named(reply: Reply, chat_id: int, language: str | None) -> SendReply:
    return SendReply(chat_id=ChatId(chat_id), text=f"{reply.template} in {language}")


@dataclass(slots=True)
class Scripted:
    """A turn loop around one handler, with all effects recorded."""

    handle: Handle = answer_hello
    database: InMemoryDatabase = field(default_factory=InMemoryDatabase)
    handover: Handed = field(default_factory=Handed)
    present: Present = named
    pressed: list[str] = field(default_factory=list)
    unread: frozenset[int] = frozenset()
    """Ids of updates that have to wait."""
    committed: int = 0
    runs: int = 0

    def turns(self) -> TurnLoop:
        routes = [Route(kind, self._on_event, "scripted") for kind in UpdateKind]
        return TurnLoop(
            dispatch=Dispatcher(routes),
            config=handler_config(),
            transact=self.database.transact,
            make_use_cases=use_cases,
            catalogue=catalogue,
            present=self.present,
            answer_press=self._courtesy,
            forwarder=self.handover,
            wake_outbox=self._count,
            monitor=Monitor(FakeClock()),
            is_read=lambda row: row.update_id not in self.unread,
        )

    async def _on_event(self, turn: Turn) -> Replies:
        self.runs += 1
        return await self.handle(turn.unit)

    def _courtesy(self, update: Update) -> None:
        self.pressed += [update.callback_query.id] if update.callback_query else []

    def _count(self) -> None:
        self.committed += 1

    async def receive(self, *contents: object) -> None:
        rows = [
            Incoming(update_id=n, lane=LANE, payload=json.dumps(content), received_at=START)
            for n, content in enumerate(contents, 1)
        ]
        await self.database.inbox_queue.store(rows)

    @property
    def sent(self) -> list[tuple[int, str]]:
        tasks = [entry.row.task for entry in self.database.tables.outbox.values()]
        return [(task.chat_id, task.text) for task in tasks if isinstance(task, SendReply)]

    @property
    def reasons(self) -> list[str | None]:
        return [entry.reason for entry in self.database.tables.inbox.values() if not entry.open]
