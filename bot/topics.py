"""A chat's topic in the staff group: made once, opened again, replaced when it was deleted."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.gateways.forum import StaffGroup, TopicClosedError, TopicGoneError
from bot.presenter import Presenter
from bot.use_cases import Provide
from bot.views import gathered as views
from knowledge.model import Library
from state.model.ticket import Ticket, TicketId, Topic
from state.model.work import SendReply
from state.policy import Policy
from state.ports import Transact, UnitOfWork
from state.usecases.read_tickets import Packet

log = logging.getLogger(__name__)
T = TypeVar("T")
Act = Callable[[int], Awaitable[T]]
"""Writes into the topic with this Bot API `message_thread_id`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """Used by one delivery of a chat at a time, as its tasks stand in one lane.

    That is what keeps a burst of messages from making a topic each, also with several processes:
    a lane is claimed in the database.
    """

    group: StaffGroup
    present: Presenter
    transact: Transact
    look: Transact
    provide: Provide
    policy: Policy
    library: Callable[[], Library]

    async def within(self, ticket: Ticket, act: Act[T]) -> T:
        """Into the chat's topic; a closed or deleted one is put right once, and `act` repeated."""
        topic = await self.look(lambda unit: unit.topics.of(ticket.chat_id))
        if topic is None:
            return await act((await self._create(ticket)).thread_id)
        try:
            return await self._as_open(topic, act)
        except TopicGoneError:
            log.info("the topic of ticket %s is gone; it gets another", ticket.id)
            return await act((await self._create(ticket)).thread_id)

    async def if_there(self, ticket: Ticket, act: Act[object]) -> None:
        """For what is not worth a topic of its own."""
        topic = await self.look(lambda unit: unit.topics.of(ticket.chat_id))
        if topic is None:
            return
        try:
            await self._as_open(topic, act)
        except TopicGoneError:
            await self.transact(lambda unit: unit.topics.remove(ticket.chat_id))

    async def show(self, ticket_id: TicketId, *, anew: bool) -> None:
        """The packet: as a new message, or the one there is brought up to date."""
        packet = await self.read(ticket_id)
        if packet is None:
            return
        known = await self._message_of(packet)
        if anew or known is None:
            await self._show_anew(packet)
            return
        shown = self._presented(packet)
        await self.group.messenger.edit(self.group.chat_id, known, shown.text, shown.keyboard)

    async def read(self, ticket_id: TicketId) -> Packet | None:
        return await self.look(lambda unit: self.provide(unit).read_packet(ticket_id))

    async def close(self, topic: Topic) -> None:
        await self.group.close(topic.thread_id)
        await self.transact(lambda unit: unit.topics.put(replace(topic, closed=True)))

    async def _show_anew(self, packet: Packet) -> None:
        """A topic that is made for it begins with it."""
        topic = await self.look(lambda unit: unit.topics.of(packet.ticket.chat_id))
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
        await self.transact(lambda unit: unit.topics.put(replace(topic, closed=False)))

    async def _create(self, ticket: Ticket) -> Topic:
        """Kept at once: whatever fails after this, the next try finds it."""
        packet = await self.read(ticket.id)
        thread_id = await self.group.create(_name_of(ticket, packet))
        topic = Topic(chat_id=ticket.chat_id, thread_id=thread_id)
        await self.transact(lambda unit: unit.topics.put(topic))
        if packet is not None:
            await self._send_packet(packet, thread_id)
        return topic

    async def _send_packet(self, packet: Packet, thread_id: int) -> None:
        shown = self._presented(packet)
        message_id = await self.group.send(shown.text, thread_id)
        matter = views.group.packet_matter(packet.ticket.id)

        async def remember(unit: UnitOfWork) -> None:
            await unit.living.put(shown.chat_id, matter, message_id)

        await self.transact(remember)

    def _presented(self, packet: Packet) -> SendReply:
        reply = views.group.packet(packet, self.policy, self.library())
        return self.present(reply, self.group.chat_id, None)

    async def _message_of(self, packet: Packet) -> int | None:
        shown_in = views.group.packet_matter(packet.ticket.id)
        return await self.look(lambda unit: unit.living.get(self.group.chat_id, shown_in))


def _name_of(ticket: Ticket, packet: Packet | None) -> str:
    """A later talk of the chat may be somebody else's."""
    return f"{packet.who if packet else ''} #{ticket.id}".strip()
