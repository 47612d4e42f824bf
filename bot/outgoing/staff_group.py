"""Deliveries to the staff group: request summaries, news and messages, into each chat's topic."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from itertools import takewhile
from typing import Protocol, TypeAlias, assert_never

from bot.gateways.telegram.client import RefusedError, RetryAfterError, UnreachableError
from bot.gateways.telegram.forum import (
    NoGroupError,
    TopicClosedError,
    TopicGoneError,
    copied_ids,
    copy_of,
    edit_of,
)
from bot.outgoing.forum_topics import ForumTopics
from bot.outgoing.results import Delivered, DeliveryResult, GiveUp, TryLater
from bot.presentation.reply import Reply
from bot.presentation.views import staff_group as staff_group_views
from state.model.staff import StaffId
from state.model.ticket import Content, TalkMessage
from state.model.work import (
    CarryEdit,
    CarryToGroup,
    CloseTopic,
    DropTopic,
    GroupNews,
    GroupTask,
    OutboxRow,
    ShowPacket,
    TellGroup,
)
from state.ports import Clock, UnitOfWork
from state.rules.tickets import is_open
from state.usecases.registry import Records
from state.usecases.tickets.effects import carry_to_group, tell_not_passed_on
from state.usecases.tickets.relay_message import is_album_complete, unsent_to_group

WHOLE_AFTER = timedelta(seconds=1.5)
"""An album arrives part by part; it is complete when no part came for this long."""

MOST_AT_ONCE = 50
"""Rows of a chat searched for ones to combine with the first."""
LONGEST_NEWS = 3500
"""Characters of markup; Telegram's limit is 4,096 of text."""
Words: TypeAlias = CarryToGroup | CarryEdit
"""Tasks that carry messages of the conversation."""


class DueIn(Protocol):
    """Signature of `OutboxDoor.due_in`."""

    async def __call__(
        self, lanes: Collection[str], now: datetime, *, depth: int
    ) -> Sequence[OutboxRow]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffGroupDeliveries:
    """Delivers a conversation's tasks to the staff group."""

    topics: ForumTopics
    due_in: DueIn
    records: Records
    clock: Clock

    async def deliver(self, row: OutboxRow, task: GroupTask) -> DeliveryResult:
        """Deliver the task. NoGroupError if the group can't be written to."""
        match task:
            case ShowPacket():
                return await self._show(row, task)
            case TellGroup():
                return await self._tell(row, task)
            case CarryToGroup():
                return await self._words(task)
            case CarryEdit():
                await self._edit(task)
            case CloseTopic():
                return await self._close(task)
            case DropTopic():
                return await self._drop(task)
            case _:
                assert_never(task)
        return Delivered()

    async def _show(self, row: OutboxRow, task: ShowPacket) -> DeliveryResult:
        """Show the current packet once, and finish the queued tasks that would show it again."""
        later = await self._alike(row, task)
        anew = any(isinstance(one.task, ShowPacket) and one.task.anew for one in (row, *later))
        await self.topics.show(task.ticket_id, anew=anew)
        return Delivered(lambda unit: self._finish(unit, later))

    async def _tell(self, row: OutboxRow, task: TellGroup) -> DeliveryResult:
        """Combine queued news into one message, since the group takes few a minute."""
        ticket = await self.records.read(lambda unit: unit.tickets.get(task.ticket_id))
        if ticket is None:
            return Delivered()
        lines, told = [await self._line(task)], []
        for one in await self._alike(row, task):
            line = await self._line(one.task) if isinstance(one.task, TellGroup) else ""
            if len("\n".join([*lines, line])) > LONGEST_NEWS:
                break
            lines.append(line)
            told.append(one)
        text = "\n".join(lines)
        await self.topics.if_exists(ticket, lambda thread: self.topics.group.send(text, thread))
        return Delivered(lambda unit: self._finish(unit, told))

    async def _line(self, task: TellGroup) -> str:
        name = await self._name(task.by)
        line = staff_group_views.news(GroupNews(task.news), name=name, detail=task.detail)
        return self.topics.present(line, self.topics.group.chat_id, None).text

    async def _alike(self, row: OutboxRow, task: ShowPacket | TellGroup) -> Sequence[OutboxRow]:
        """Later rows of the lane with the same kind and ticket, up to the next message."""
        lane = await self.due_in({row.lane}, self.clock.now(), depth=MOST_AT_ONCE)
        behind = [one for one in lane if one.id > row.id]
        before_words = takewhile(lambda one: not isinstance(one.task, Words), behind)
        return [
            one
            for one in before_words
            if isinstance(one.task, type(task)) and one.task.ticket_id == task.ticket_id
        ]

    async def _finish(self, unit: UnitOfWork, rows: Sequence[OutboxRow]) -> None:
        for row in rows:
            await unit.outbox.finish(row, self.clock.now())

    async def _say(self, line: Reply, thread_id: int, *, reply_to: int | None = None) -> int:
        shown = self.topics.present(line, self.topics.group.chat_id, None)
        return await self.topics.group.send(shown.text, thread_id, reply_to=reply_to)

    async def _words(self, task: CarryToGroup) -> DeliveryResult:
        message = await self.records.read(lambda unit: unit.talks.get(task.talk_id))
        if message is None:
            return Delivered()
        ticket = await self.records.read(lambda unit: unit.tickets.get(message.ticket_id))
        members = await self.records.read(lambda unit: unsent_to_group(unit, message))
        if ticket is None or not members:
            return Delivered()
        if not is_album_complete(members, now=self.clock.now(), after=WHOLE_AFTER):
            return TryLater("the album may not be whole yet", WHOLE_AFTER)
        reply_to = await self._replied(message)
        try:
            ids = await self.topics.in_topic(
                ticket, lambda thread: self._copy(members, thread, reply_to)
            )
        except NoGroupError:
            raise
        except RefusedError as error:
            return GiveUp(str(error), lambda unit: self._lost(unit, message))
        return Delivered(lambda unit: self._placed(unit, members, ids))

    async def _copy(
        self, members: Sequence[TalkMessage], thread_id: int, reply_to: int | None
    ) -> Sequence[int]:
        """Copy the messages; a text that can't be copied (any more) is sent instead."""
        first, places = members[0], [one.in_chat for one in members if one.in_chat is not None]
        if first.staff_id is not None or not places:
            name = await self._name(first.staff_id)
            said = staff_group_views.said(name=name, text=first.text)
            return [await self._say(said, thread_id, reply_to=reply_to)]
        method, parameters = copy_of(places, first.chat_id, reply_to=reply_to)
        try:
            answer = await self.topics.group.call(
                method, message_thread_id=thread_id, **parameters
            )
        except (NoGroupError, TopicClosedError, TopicGoneError):
            raise
        except RefusedError:
            if first.content is not Content.TEXT:
                raise
            return [await self.topics.group.send(escape(first.text), thread_id, reply_to=reply_to)]
        return copied_ids(answer)

    async def _placed(
        self, unit: UnitOfWork, members: Sequence[TalkMessage], ids: Sequence[int]
    ) -> None:
        """Save the copies' ids, and queue parts of the album that arrived meanwhile."""
        for member, message_id in zip(members, ids, strict=False):
            await unit.talks.place(member.id, in_group=message_id)
        if len(ids) < len(members):  # Telegram skips what it doesn't copy, without saying which
            await self._lost(unit, members[0])
        known = {one.id for one in members}
        for late in await unsent_to_group(unit, members[0]):
            if late.id not in known:
                await carry_to_group(unit, late, now=self.clock.now())

    async def _lost(self, unit: UnitOfWork, message: TalkMessage) -> None:
        await tell_not_passed_on(unit, message, now=self.clock.now())

    async def _edit(self, task: CarryEdit) -> None:
        message = await self.records.read(lambda unit: unit.talks.get(task.talk_id))
        if message is None or message.in_group is None:
            return
        ticket = await self.records.read(lambda unit: unit.tickets.get(message.ticket_id))
        file_id = message.file_id if task.new_file else None
        method, parameters = edit_of(message.content, task.html, file_id=file_id)
        try:
            await self.topics.group.call(method, message_id=message.in_group, **parameters)
        except NoGroupError:
            raise
        except RefusedError as error:
            if "not modified" in str(error) or ticket is None:
                return
            await self.topics.in_topic(ticket, lambda thread: self._show_edited(message, thread))

    async def _show_edited(self, message: TalkMessage, thread_id: int) -> None:
        """Show the new form of a message whose copy can't be edited, as a reply to the copy.

        A live location changes every minute, and is not shown again.
        """
        if message.text:
            line = staff_group_views.edited(message.text)
            await self._say(line, thread_id, reply_to=message.in_group)
        elif message.content is Content.OTHER:
            await self._copy([message], thread_id, message.in_group)

    async def _close(self, task: CloseTopic) -> DeliveryResult:
        """Close a topic; given up after one failure, since messages come first."""
        topic = await self.records.read(lambda unit: unit.topics.of(task.chat_id))
        ticket = await self.records.read(lambda unit: unit.tickets.last(task.chat_id))
        if topic is None or ticket is None or is_open(ticket):
            return Delivered()
        try:
            await self.topics.close(topic)
        except (RefusedError, RetryAfterError, UnreachableError) as error:
            return GiveUp(str(error))
        return Delivered()

    async def _drop(self, task: DropTopic) -> DeliveryResult:
        """Delete a topic, retried after any error: it holds the words of an erased person."""
        try:
            await self.topics.group.drop(task.thread_id)
        except TopicGoneError:
            return Delivered()
        except RefusedError as error:
            return TryLater(str(error))
        return Delivered()

    async def _replied(self, message: TalkMessage) -> int | None:
        before = message.reply_to
        if before is None:
            return None
        found = await self.records.read(lambda unit: unit.talks.get(before))
        return None if found is None else found.in_group

    async def _name(self, staff_id: StaffId | None) -> str:
        if staff_id is None:
            return ""
        staff = await self.records.read(lambda unit: unit.staff.get(StaffId(staff_id)))
        return "" if staff is None else staff.name
