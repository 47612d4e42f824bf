"""The topics of the staff group: one for each chat, created, reopened and filled as needed."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from bot.gateways.telegram.client import RefusedError
from bot.gateways.telegram.forum import StaffGroup, TopicClosedError, TopicGoneError
from bot.presentation.renderer import Presenter
from bot.presentation.views import staff_group as staff_group_views
from knowledge.model import Library
from state.model.ticket import Ticket, TicketId, Topic
from state.model.work import SendReply
from state.policy import Policy
from state.ports import UnitOfWork
from state.usecases.registry import Records
from state.usecases.tickets.read import TicketSummary

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

    async def in_topic(self, ticket: Ticket, act: Act[T]) -> T:
        """Run `act` in the chat's topic; create, reopen or replace the topic first if needed."""
        topic = await self.records.read(lambda unit: unit.topics.of(ticket.chat_id))
        if topic is None:
            return await act((await self._create(ticket)).thread_id)
        try:
            return await self._in_open_topic(topic, act)
        except TopicGoneError:
            log.info("the topic of ticket %s is gone; it gets another", ticket.id)
            return await act((await self._create(ticket)).thread_id)

    async def if_exists(self, ticket: Ticket, act: Act[object]) -> None:
        """Run `act` in the chat's topic, unless there is none: creates no topic."""
        topic = await self.records.read(lambda unit: unit.topics.of(ticket.chat_id))
        if topic is None:
            return
        try:
            await self._in_open_topic(topic, act)
        except TopicGoneError:
            await self.records.transact(lambda unit: unit.topics.remove(ticket.chat_id))

    async def answer(self, reply: SendReply) -> int:
        """Send a reply to staff into its topic, which is reopened if it is closed.

        If that is impossible, send it into the group itself: staff must see what was refused.
        """
        thread_id, send = reply.thread_id, partial(self._send_reply, reply)
        if thread_id is None:
            return await send(None)
        try:
            return await send(thread_id)
        except TopicClosedError:
            reopened = await self._reopen_by_id(thread_id)
            return await send(thread_id if reopened else None)
        except TopicGoneError:
            return await send(None)

    async def _send_reply(self, reply: SendReply, thread_id: int | None) -> int:
        return await self.group.messenger.send(
            self.group.chat_id, reply.text, reply.keyboard, message_thread_id=thread_id
        )

    async def _reopen_by_id(self, thread_id: int) -> bool:
        """Reopen a topic; False if Telegram refuses."""
        topic = await self.records.read(lambda unit: unit.topics.in_group(thread_id))
        try:
            if topic is None:
                await self.group.reopen(thread_id)
            else:
                await self._reopen(topic)
        except RefusedError:
            return False
        return True

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
            await self._in_open_topic(
                topic, lambda thread_id: self._send_packet(packet, thread_id)
            )
        except TopicGoneError:
            await self._create(packet.ticket)
            return
        if not packet.ticket.reopened:
            await self.group.rename(topic.thread_id, _name_of(packet.ticket, packet))

    async def _in_open_topic(self, topic: Topic, act: Act[T]) -> T:
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
            await unit.living_messages.put(shown.chat_id, matter, message_id)

        await self.records.transact(remember)

    def _presented(self, packet: TicketSummary) -> SendReply:
        reply = staff_group_views.packet(packet, self.policy, self.library())
        return self.present(reply, self.group.chat_id, None)

    async def _message_of(self, packet: TicketSummary) -> int | None:
        shown_in = staff_group_views.packet_matter(packet.ticket.id)
        return await self.records.read(
            lambda unit: unit.living_messages.get(self.group.chat_id, shown_in)
        )


def _name_of(ticket: Ticket, packet: TicketSummary | None) -> str:
    """Topic name, with the ticket number, since a later ticket may be another person's."""
    return f"{packet.who if packet else ''} #{ticket.id}".strip()
