"""Deliveries to the staff group: request summaries, news and messages, into each chat's topic."""

import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape
from itertools import takewhile
from typing import Protocol, TypeAlias, TypeVar, assert_never

from bot.gateways.telegram.client import RefusedError, RetryAfterError, UnreachableError
from bot.gateways.telegram.forum import (
    NoGroupError,
    StaffGroup,
    TopicClosedError,
    TopicGoneError,
    copied_ids,
    copy_of,
    edit_of,
)
from bot.outgoing.results import Delivered, DeliveryResult, GiveUp, TryLater
from bot.presentation.renderer import Presenter
from bot.presentation.reply import Reply
from bot.presentation.views import staff_group as staff_group_views
from knowledge.model import Library
from state.model.staff import StaffId
from state.model.ticket import Content, TalkMessage, Ticket, TicketId, Topic
from state.model.work import (
    CarryEdit,
    CarryToGroup,
    CloseTopic,
    DropTopic,
    GroupNews,
    GroupTask,
    OutboxRow,
    SendReply,
    ShowPacket,
    TellGroup,
)
from state.policy import Policy
from state.ports import Clock, UnitOfWork
from state.rules.tickets import is_open
from state.usecases.registry import Records
from state.usecases.tickets.effects import carry_to_group, tell_lost
from state.usecases.tickets.read import TicketSummary
from state.usecases.tickets.relay_message import is_whole, still_to_group

log = logging.getLogger(__name__)
T = TypeVar("T")
Act = Callable[[int], Awaitable[T]]
"""Writes into the topic with this Bot API `message_thread_id`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForumTopics:
    """Creates, reopens and fills the topics of chats.

    Only one delivery per chat runs at a time, since a chat's group tasks share a lane, which is
    claimed in the database. So a burst of messages never makes two topics, even with several
    processes.
    """

    group: StaffGroup
    present: Presenter
    records: Records
    policy: Policy
    library: Callable[[], Library]

    async def within(self, ticket: Ticket, act: Act[T]) -> T:
        """Run `act` in the chat's topic; create, reopen or replace the topic first if needed."""
        topic = await self.records.read(lambda unit: unit.topics.of(ticket.chat_id))
        if topic is None:
            return await act((await self._create(ticket)).thread_id)
        try:
            return await self._as_open(topic, act)
        except TopicGoneError:
            log.info("the topic of ticket %s is gone; it gets another", ticket.id)
            return await act((await self._create(ticket)).thread_id)

    async def if_there(self, ticket: Ticket, act: Act[object]) -> None:
        """Run `act` in the chat's topic, unless there is none: creates no topic."""
        topic = await self.records.read(lambda unit: unit.topics.of(ticket.chat_id))
        if topic is None:
            return
        try:
            await self._as_open(topic, act)
        except TopicGoneError:
            await self.records.transact(lambda unit: unit.topics.remove(ticket.chat_id))

    async def show(self, ticket_id: TicketId, *, anew: bool) -> None:
        """Send the packet (summary of the request) as a new message, or edit the last one."""
        packet = await self.packet(ticket_id)
        if packet is None:
            return
        known = await self._message_of(packet)
        if anew or known is None:
            await self._show_anew(packet)
            return
        shown = self._presented(packet)
        await self.group.messenger.edit(self.group.chat_id, known, shown.text, shown.keyboard)

    async def packet(self, ticket_id: TicketId) -> TicketSummary | None:
        """The packet of a ticket; None if the ticket is gone."""
        return await self.records.ask(lambda use: use.read_ticket_summary(ticket_id))

    async def close(self, topic: Topic) -> None:
        """Close the topic."""
        await self.group.close(topic.thread_id)
        await self.records.transact(lambda unit: unit.topics.put(replace(topic, closed=True)))

    async def _show_anew(self, packet: TicketSummary) -> None:
        """Send the packet; a newly created topic starts with it already."""
        topic = await self.records.read(lambda unit: unit.topics.of(packet.ticket.chat_id))
        if topic is None:
            await self._create(packet.ticket)
            return
        try:
            await self._as_open(topic, lambda thread_id: self._send_packet(packet, thread_id))
        except TopicGoneError:
            await self._create(packet.ticket)
            return
        if not packet.ticket.reopened:
            await self.group.rename(topic.thread_id, _name_of(packet.ticket, packet))

    async def _as_open(self, topic: Topic, act: Act[T]) -> T:
        if topic.closed:
            await self._reopen(topic)
        try:
            return await act(topic.thread_id)
        except TopicClosedError:
            await self._reopen(topic)
            return await act(topic.thread_id)

    async def _reopen(self, topic: Topic) -> None:
        await self.group.reopen(topic.thread_id)
        await self.records.transact(lambda unit: unit.topics.put(replace(topic, closed=False)))

    async def _create(self, ticket: Ticket) -> Topic:
        """Create a topic and store it at once, so that a retry doesn't create another."""
        packet = await self.packet(ticket.id)
        thread_id = await self.group.create(_name_of(ticket, packet))
        topic = Topic(chat_id=ticket.chat_id, thread_id=thread_id)
        await self.records.transact(lambda unit: unit.topics.put(topic))
        if packet is not None:
            await self._send_packet(packet, thread_id)
        return topic

    async def _send_packet(self, packet: TicketSummary, thread_id: int) -> None:
        shown = self._presented(packet)
        message_id = await self.group.send(shown.text, thread_id)
        matter = staff_group_views.packet_matter(packet.ticket.id)

        async def remember(unit: UnitOfWork) -> None:
            await unit.living.put(shown.chat_id, matter, message_id)

        await self.records.transact(remember)

    def _presented(self, packet: TicketSummary) -> SendReply:
        reply = staff_group_views.packet(packet, self.policy, self.library())
        return self.present(reply, self.group.chat_id, None)

    async def _message_of(self, packet: TicketSummary) -> int | None:
        shown_in = staff_group_views.packet_matter(packet.ticket.id)
        return await self.records.read(lambda unit: unit.living.get(self.group.chat_id, shown_in))


def _name_of(ticket: Ticket, packet: TicketSummary | None) -> str:
    """Topic name, with the ticket number, since a later ticket may be another person's."""
    return f"{packet.who if packet else ''} #{ticket.id}".strip()


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
    waiting: DueIn
    records: Records
    clock: Clock

    async def carry(self, row: OutboxRow, task: GroupTask) -> DeliveryResult:
        """Deliver the task; retried later while the group can't be written to."""
        try:
            return await self._carry(row, task)
        except NoGroupError as error:
            log.error("the staff group can't be written to: %s", error)  # noqa: TRY400 - a fact, no fault of ours
            return TryLater(str(error))

    async def _carry(self, row: OutboxRow, task: GroupTask) -> DeliveryResult:
        match task:
            case ShowPacket():
                return await self._show(row, task)
            case TellGroup():
                return await self._tell(row, task)
            case CarryToGroup():
                return await self._words(task)
            case CarryEdit():
                await self._edit(task)
            case CloseTopic() | DropTopic():
                return await self._tidy(task)
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
        await self.topics.if_there(ticket, lambda thread: self.topics.group.send(text, thread))
        return Delivered(lambda unit: self._finish(unit, told))

    async def _line(self, task: TellGroup) -> str:
        name = await self._name(task.by)
        line = staff_group_views.news(GroupNews(task.news), name=name, detail=task.detail)
        return self.topics.present(line, self.topics.group.chat_id, None).text

    async def _alike(self, row: OutboxRow, task: ShowPacket | TellGroup) -> Sequence[OutboxRow]:
        """Later rows of the lane with the same kind and ticket, up to the next message."""
        lane = await self.waiting({row.lane}, self.clock.now(), depth=MOST_AT_ONCE)
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
        members = await self.records.read(lambda unit: still_to_group(unit, message))
        if ticket is None or not members:
            return Delivered()
        if not is_whole(members, now=self.clock.now(), after=WHOLE_AFTER):
            return TryLater("the album may not be whole yet", WHOLE_AFTER)
        reply_to = await self._replied(message)
        try:
            ids = await self.topics.within(
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
        """Copy the messages; if there is no original (any more), send the text instead."""
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
        except RefusedError as error:
            if not (first.content is Content.TEXT and "to copy" in str(error)):
                raise
            return [await self.topics.group.send(escape(first.text), thread_id, reply_to=reply_to)]
        return copied_ids(answer)

    async def _placed(
        self, unit: UnitOfWork, members: Sequence[TalkMessage], ids: Sequence[int]
    ) -> None:
        """Save the copies' ids, and queue parts of the album that arrived meanwhile."""
        for member, message_id in zip(members, ids, strict=False):
            await unit.talks.place(member.id, in_group=message_id)
        known = {one.id for one in members}
        for late in await still_to_group(unit, members[0]):
            if late.id not in known:
                await carry_to_group(unit, late, now=self.clock.now())

    async def _lost(self, unit: UnitOfWork, message: TalkMessage) -> None:
        await tell_lost(unit, message.id, now=self.clock.now())

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
            line, place = staff_group_views.edited(message.text), message.in_group
            await self.topics.within(
                ticket, lambda thread: self._say(line, thread, reply_to=place)
            )

    async def _tidy(self, task: CloseTopic | DropTopic) -> DeliveryResult:
        """Close or delete a topic; given up after one failure, since messages come first."""
        try:
            if isinstance(task, DropTopic):
                await self.topics.group.drop(task.thread_id)
            else:
                await self._close(task)
        except (RefusedError, RetryAfterError, UnreachableError) as error:
            return GiveUp(str(error))
        return Delivered()

    async def _close(self, task: CloseTopic) -> None:
        topic = await self.records.read(lambda unit: unit.topics.of(task.chat_id))
        ticket = await self.records.read(lambda unit: unit.tickets.last(task.chat_id))
        if topic is not None and ticket is not None and not is_open(ticket):
            await self.topics.close(topic)

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
