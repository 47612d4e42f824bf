"""Deliveries of a conversation to the freelancer's chat: staff messages and news."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from html import escape
from typing import TypeAlias, assert_never

from bot.gateways.telegram.client import BlockedError, BotApiCalls, Messenger, RefusedError
from bot.gateways.telegram.forum import NoGroupError, copied_ids, copy_of, edit_of, reply_to_it
from bot.outgoing.results import Delivered, DeliveryResult, GiveUp, Send, TryLater
from bot.presentation.renderer import Presenter
from bot.presentation.views import talk as talk_views
from state.model.chat import Chat, ChatId
from state.model.ticket import Content, TalkId, TalkMessage
from state.model.work import (
    CallerNews,
    CarryDeletion,
    CarryEdit,
    CarryToCaller,
    GroupNews,
    TellCaller,
)
from state.policy import Policy
from state.ports import Clock, ReadUnit, UnitOfWork
from state.usecases.private_topics import private_topic
from state.usecases.registry import Records
from state.usecases.tickets.effects import carry_to_caller, tell_lost
from state.usecases.tickets.owner import changed_hands
from state.usecases.tickets.relay_message import is_album_complete, unsent_to_caller

WHOLE_AFTER = timedelta(seconds=1.5)

PARTED = "the chat has another account now"

CallerTask: TypeAlias = TellCaller | CarryToCaller | CarryEdit | CarryDeletion


@dataclass(frozen=True, slots=True, kw_only=True)
class FreelancerDeliveries:
    """Delivers a conversation's tasks to the freelancer's chat."""

    calls: BotApiCalls
    messenger: Messenger
    present: Presenter
    records: Records
    policy: Policy
    clock: Clock
    staff_chat: ChatId | None

    async def deliver(self, task: CallerTask, send: Send) -> DeliveryResult:
        """Deliver the task; given up if the chat was linked to another account since."""
        if isinstance(task, CarryToCaller | CarryEdit):
            parted = await self._parted(task.talk_id)
            if parted is not None:
                return GiveUp(PARTED, lambda unit: self._news(unit, parted, GroupNews.PARTED))
        match task:
            case TellCaller():
                return await self._tell(task, send)
            case CarryToCaller():
                return await self._words(task)
            case CarryEdit():
                return await self._edit(task)
            case CarryDeletion():
                return await self._take_back(task)
            case _:
                assert_never(task)

    async def _tell(self, task: TellCaller, send: Send) -> DeliveryResult:
        packet = await self.records.ask(lambda use: use.read_ticket_summary(task.ticket_id))
        if packet is None:
            return Delivered()
        ticket, what = packet.ticket, CallerNews(task.news)
        reply = talk_views.news(what, ticket, self.policy, holder=packet.holder, ban=packet.ban)
        if reply is None:
            return Delivered()
        return await send(self.present(reply, ticket.chat_id, ticket.language))

    async def _words(self, task: CarryToCaller) -> DeliveryResult:
        message = await self.records.read(lambda unit: unit.talks.get(task.talk_id))
        if message is None:
            return Delivered()
        members = await self.records.read(lambda unit: unsent_to_caller(unit, message))
        if not members:
            return Delivered()
        if not is_album_complete(members, now=self.clock.now(), after=WHOLE_AFTER):
            return TryLater("the album may not be whole yet", WHOLE_AFTER)
        try:
            ids = await self._copy(members, await self._replied(message), task.html)
        except NoGroupError:
            raise
        except BlockedError as error:
            return GiveUp(str(error), lambda unit: self._blocked(unit, message))
        except RefusedError as error:
            return GiveUp(str(error), lambda unit: self._news(unit, message, GroupNews.LOST))
        return Delivered(lambda unit: self._placed(unit, members, ids))

    async def _copy(
        self, members: Sequence[TalkMessage], reply_to: int | None, html: str
    ) -> Sequence[int]:
        """Copy messages from the staff group; a text that can't be copied is sent instead."""
        first, places = members[0], [one.in_group for one in members if one.in_group is not None]
        if self.staff_chat is None or not places or html:
            return [await self._write(first, reply_to, html)]
        method, parameters = copy_of(places, self.staff_chat, reply_to=reply_to)
        place = {"chat_id": first.chat_id, "message_thread_id": await self._topic(first.chat_id)}
        try:
            answer = await self.calls.call(method, **place, **parameters)
        except RefusedError as error:
            is_lost = first.text and "to copy" in str(error)
            if first.content is not Content.TEXT and not is_lost:
                raise
            return [await self._write(first, reply_to)]
        return copied_ids(answer)

    async def _write(self, message: TalkMessage, reply_to: int | None, html: str = "") -> int:
        return await self.messenger.send(
            message.chat_id,
            html or escape(message.text, quote=False),
            None,
            reply_parameters=reply_to_it(reply_to),
            message_thread_id=await self._topic(message.chat_id),
        )

    async def _topic(self, chat_id: ChatId) -> int | None:
        return await self.records.read(lambda unit: private_topic(unit, chat_id))

    async def _placed(
        self, unit: UnitOfWork, members: Sequence[TalkMessage], ids: Sequence[int]
    ) -> None:
        for member, message_id in zip(members, ids, strict=False):
            await unit.talks.place(member.id, in_chat=message_id)
        if len(ids) < len(members):  # Telegram skips what it doesn't copy, without saying which
            await self._news(unit, members[0], GroupNews.LOST)
        known = {one.id for one in members}
        for late in await unsent_to_caller(unit, members[0]):
            if late.id not in known:
                await carry_to_caller(unit, late, now=self.clock.now())

    async def _blocked(self, unit: UnitOfWork, message: TalkMessage) -> None:
        """Record the block, which stops further sends, and tell staff."""
        chat = await unit.chats.get(message.chat_id) or Chat(id=message.chat_id)
        await unit.chats.save(replace(chat, blocked_at=self.clock.now()))
        await self._news(unit, message, GroupNews.BLOCKED)

    async def _news(self, unit: UnitOfWork, message: TalkMessage, news: GroupNews) -> None:
        await tell_lost(unit, message.id, now=self.clock.now(), news=news)

    async def _edit(self, task: CarryEdit) -> DeliveryResult:
        message = await self.records.read(lambda unit: unit.talks.get(task.talk_id))
        if message is None or message.in_chat is None or message.deleted_at is not None:
            return Delivered()
        file_id = message.file_id if task.new_file else None
        method, parameters = edit_of(message.content, task.html, file_id=file_id)
        place = {"chat_id": message.chat_id, "message_id": message.in_chat}
        try:
            await self.calls.call(method, **place, **parameters)
        except BlockedError as error:
            return GiveUp(str(error))
        except RefusedError as error:
            if "not modified" in str(error):
                return Delivered()
            return GiveUp(str(error), lambda unit: self._news(unit, message, GroupNews.NOT_EDITED))
        return Delivered()

    async def _parted(self, talk_id: TalkId) -> TalkMessage | None:
        """The message, if its chat was linked to another account since.

        It must not be sent there.
        """

        async def find(unit: ReadUnit) -> TalkMessage | None:
            message = await unit.talks.get(talk_id)
            ticket = None if message is None else await unit.tickets.get(message.ticket_id)
            return message if ticket is not None and await changed_hands(unit, ticket) else None

        return await self.records.read(find)

    async def _take_back(self, task: CarryDeletion) -> DeliveryResult:
        message = await self.records.read(lambda unit: unit.talks.get(task.talk_id))
        if message is None or message.in_chat is None:
            return Delivered()
        place = {"chat_id": message.chat_id, "message_id": message.in_chat}
        try:
            await self.calls.call("deleteMessage", **place)
        except (BlockedError, RefusedError) as error:
            return GiveUp(
                str(error), lambda unit: self._news(unit, message, GroupNews.NOT_DELETED)
            )
        return Delivered(lambda unit: self._news(unit, message, GroupNews.DELETED))

    async def _replied(self, message: TalkMessage) -> int | None:
        before = message.reply_to
        if before is None:
            return None
        found = await self.records.read(lambda unit: unit.talks.get(before))
        return None if found is None else found.in_chat
