"""Deliveries about one person: reminders, data export, notice of erasure."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, assert_never

from bot.gateways.telegram.client import BlockedError, Messenger, Upload
from bot.outgoing.results import Delivered, DeliveryResult, GiveUp, Record, Send, TryLater
from bot.presentation.record_export import record_text
from bot.presentation.renderer import Presenter
from bot.presentation.reply import Reply
from bot.presentation.views import call as call_views
from bot.presentation.views import nudges as nudge_views
from bot.presentation.views import privacy as privacy_views
from bot.presentation.views import verification as verification_views
from state.model.channel import Channel
from state.model.chat import ChatId
from state.model.work import (
    EraseTraces,
    Nudge,
    RemindUnlocked,
    SendExport,
    SendReply,
    TellErased,
    TellOwner,
)
from state.policy import Policy
from state.ports import UnitOfWork
from state.usecases.nudges import NudgeLater, NudgeNow, NudgesOver, Outdated
from state.usecases.private_topics import private_topic
from state.usecases.registry import Records

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDeliveries:
    """Deliveries of reminders and of personal data."""

    messenger: Messenger
    present: Presenter
    records: Records
    policy: Policy
    channels: frozenset[Channel]
    truncate_wal: Callable[[], Awaitable[bool]]
    """Removes deleted data from free pages of the database files."""

    async def remind(self, task: RemindUnlocked | Nudge | TellOwner, send: Send) -> DeliveryResult:
        """Deliver a reminder or notice, if it still makes sense."""
        match task:
            case RemindUnlocked():
                return await self._remind_unlocked(task, send)
            case Nudge():
                return await self._nudge(task, send)
            case TellOwner():
                return await self._tell_owner(task, send)
            case _:
                assert_never(task)

    async def deliver_data(self, task: SendExport | TellErased | EraseTraces) -> DeliveryResult:
        """Deliver an export or notice of erasure, or erase traces."""
        match task:
            case SendExport():
                return await self._export(task)
            case TellErased():
                return await self._say_erased(task)
            case EraseTraces():
                await self.records.use(
                    lambda use: use.wipe_traces(task.chat_id, task.freelancer_id)
                )
                await self.truncate_wal()
                return Delivered()
            case _:
                assert_never(task)

    async def _remind_unlocked(self, task: RemindUnlocked, send: Send) -> DeliveryResult:
        makes_sense = await self.records.ask(lambda use: use.read_reminder(task.freelancer_id))
        chat = await self.records.read(lambda unit: unit.chats.of(task.freelancer_id))
        if not makes_sense or chat is None:
            return Delivered()
        reminder = verification_views.reminder(self.policy, self.channels)
        return await send(self.present(reminder, chat.id, chat.language))

    async def _tell_owner(self, task: TellOwner, send: Send) -> DeliveryResult:
        chat = await self.records.read(lambda unit: unit.chats.of(task.freelancer_id))
        if chat is None:
            return Delivered()
        claimed = call_views.number_claimed(task.number)
        return await send(self.present(claimed, chat.id, chat.language))

    async def _nudge(self, task: Nudge, send: Send) -> DeliveryResult:
        async def stop(unit: UnitOfWork) -> None:
            await self.records.make_use_cases(unit).set_nudges(task.chat_id, enabled=False)

        decision = await self.records.ask(
            lambda use: use.read_nudge(task.chat_id, task.planned_for)
        )
        match decision:
            case NudgeNow(found):
                shown = nudge_views.nudge(found, self.policy)
                sent = await send(await self._for(shown, task.chat_id))
                return _then(sent, lambda unit: self._go_on(unit, task), stop)
            case NudgeLater(at):
                return Delivered(lambda unit: self._go_on(unit, task, at))
            case NudgesOver():
                return Delivered(stop)
            case Outdated():
                return Delivered()
            case _:
                assert_never(decision)

    async def _go_on(self, unit: UnitOfWork, task: Nudge, at: datetime | None = None) -> None:
        await self.records.make_use_cases(unit).go_on_nudging(
            task.chat_id, task.planned_for, at=at
        )

    async def _export(self, task: SendExport) -> DeliveryResult:
        found = await self.records.ask(lambda use: use.read_record.of_chat(task.chat_id))
        file = Upload(
            name=f"my-data-{found.made_at:%Y-%m-%d}.json",
            content=record_text(found).encode(),
            content_type="application/json",
        )
        caption = await self._for(privacy_views.export_file(found.made_at), task.chat_id)
        try:
            place = {"message_thread_id": await self._topic(task.chat_id)}
            await self.messenger.send_file(task.chat_id, file, caption.text, **place)
        except BlockedError as error:
            return GiveUp(str(error))
        return Delivered()

    async def _say_erased(self, task: TellErased) -> DeliveryResult:
        """Confirm the erasure without the usual bookkeeping.

        A block must not be recorded again.
        """
        said = self.present(privacy_views.erased(), task.chat_id, task.language)
        with suppress(BlockedError):
            place = {"message_thread_id": await self._topic(task.chat_id)}
            await self.messenger.send(task.chat_id, said.text, said.keyboard, **place)
        return Delivered()

    async def _topic(self, chat_id: ChatId) -> int | None:
        return await self.records.read(lambda unit: private_topic(unit, chat_id))

    async def _for(self, reply: Reply, chat_id: ChatId) -> SendReply:
        chat = await self.records.read(lambda unit: unit.chats.get(chat_id))
        return self.present(reply, chat_id, None if chat is None else chat.language)


def _then(sent: DeliveryResult, if_delivered: Record, if_given_up: Record) -> DeliveryResult:
    """Add a record to the result; it is saved in the transaction that marks the row."""
    match sent:
        case Delivered(record):
            return Delivered(_both(record, if_delivered))
        case GiveUp(reason, record):
            return GiveUp(reason, _both(record, if_given_up))
        case TryLater():
            return sent
        case _:
            assert_never(sent)


def _both(one: Record, other: Record) -> Record:
    async def record(unit: UnitOfWork) -> None:
        await one(unit)
        await other(unit)

    return record
