"""Delivers each kind of outbox task: renders it from the current state, and sends."""

import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar, assert_never

from bot.gateways.telegram.client import (
    BlockedError,
    Messenger,
    RefusedError,
    RefusedTokenError,
    RetryAfterError,
    UnreachableError,
)
from bot.gateways.telegram.forum import NoGroupError
from bot.outgoing.calls import CallDeliveries
from bot.outgoing.marketplace import MarketplaceDeliveries
from bot.outgoing.personal_data import PersonalDeliveries
from bot.outgoing.results import (
    Delivered,
    DeliveryResult,
    GiveUp,
    Record,
    Send,
    TryLater,
    nothing_to_record,
)
from bot.outgoing.staff_group import StaffGroupDeliveries
from bot.outgoing.to_freelancer import FreelancerDeliveries
from bot.presentation.renderer import Presenter
from bot.presentation.reply import Reply
from bot.presentation.views import call as call_views
from bot.presentation.views import progress as progress_views
from state.model.account import Progress
from state.model.alarm import Alarm
from state.model.chat import Chat, ChatId
from state.model.work import (
    AlertOperator,
    CarryDeletion,
    CarryEdit,
    CarryToCaller,
    CarryToGroup,
    CheckCall,
    CloseTopic,
    DialNumber,
    DropTopic,
    EraseTraces,
    HangUp,
    Nudge,
    OutboxRow,
    PullAccount,
    PullTrouble,
    RemindUnlocked,
    SendExport,
    SendReply,
    ShowCall,
    ShowPacket,
    ShowProgress,
    Side,
    SweepOld,
    TalkTask,
    TellCaller,
    TellErased,
    TellGroup,
    TellMarketplace,
    TellOwner,
)
from state.policy import Policy
from state.ports import Clock, Read, UnitOfWork
from state.usecases.lanes import chat_lane
from state.usecases.private_topics import private_topic
from state.usecases.registry import Records
from state.usecases.retention import EVERY, plan_sweep
from state.usecases.verification.read_call import CallScreen


async def is_blocked(read: Read, chat_id: ChatId) -> bool:
    """Whether the person blocked the bot."""
    chat = await read(lambda unit: unit.chats.get(chat_id))
    return chat is not None and chat.blocked_at is not None


async def mark_blocked(unit: UnitOfWork, chat_id: ChatId, at: datetime) -> None:
    """Record that the person blocked the bot, so that nothing more is sent."""
    chat = await unit.chats.get(chat_id) or Chat(id=chat_id)
    await unit.chats.save(replace(chat, blocked_at=at))


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkDeliveries:
    """Deliveries of a conversation, to the freelancer's chat and to the staff group."""

    to_caller: FreelancerDeliveries
    to_group: StaffGroupDeliveries | None
    """None without a staff group: staff read conversations on the web pages alone."""

    async def deliver(self, row: OutboxRow, task: TalkTask, send: Send) -> DeliveryResult:
        """Deliver a conversation's task to the freelancer's chat or the staff group."""
        match task:
            case TellCaller() | CarryToCaller() | CarryDeletion():
                return await self.to_caller.deliver(task, send)
            case CarryEdit() if task.to == Side.CALLER:
                return await self.to_caller.deliver(task, send)
            case (
                ShowPacket()
                | TellGroup()
                | CarryToGroup()
                | CarryEdit()
                | CloseTopic()
                | DropTopic()
            ):
                return await self.to_group.deliver(row, task) if self.to_group else Delivered()
            case _:
                assert_never(task)


log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliveries:
    """Delivers an outbox row; errors of the Bot API become results."""

    messenger: Messenger
    present: Presenter
    records: Records
    """Runs use cases in transactions of their own."""
    heavy_records: Records
    """For the sweep."""
    policy: Policy
    clock: Clock
    calls: CallDeliveries
    marketplace: MarketplaceDeliveries
    personal: PersonalDeliveries
    talks: TalkDeliveries
    staff_chat: ChatId | None
    """Where operator alerts are sent."""

    async def __call__(self, row: OutboxRow) -> DeliveryResult:
        try:
            return await self._deliver(row)
        except RetryAfterError as error:
            return TryLater(str(error), timedelta(seconds=error.seconds))
        except (RefusedTokenError, UnreachableError) as error:
            return TryLater(str(error))
        except NoGroupError as error:
            log.error("the staff group can't be written to: %s", error)  # noqa: TRY400 - a fact, no fault of ours
            return TryLater(str(error))
        except RefusedError as error:
            return GiveUp(str(error))

    async def _deliver(self, row: OutboxRow) -> DeliveryResult:  # noqa: C901, PLR0911, PLR0912 - one a kind of task
        task = row.task
        if isinstance(task, TalkTask):
            return await self.talks.deliver(row, task, self._send)
        match task:
            case SendReply():
                return await self._post(task, heard_now=row.heard_now)
            case ShowCall():
                return await self._show_call(task)
            case ShowProgress():
                return await self._show_progress(task)
            case DialNumber():
                return await self.calls.dial(task, row.tries)
            case HangUp():
                return await self.calls.hang_up(task)
            case CheckCall():
                await self.records.use(lambda use: use.review_call(task.session_id))
                return Delivered()
            case AlertOperator():
                return await self._alert(task)
            case SweepOld():
                return await self._sweep()
            case TellMarketplace() | PullAccount():
                return await self.marketplace.deliver(row, task)
            case RemindUnlocked() | Nudge() | TellOwner():
                return await self.personal.remind(task, self._send)
            case SendExport() | TellErased() | EraseTraces():
                return await self.personal.deliver_data(task)
            case _:
                assert_never(task)

    async def _send(
        self,
        reply: SendReply,
        *,
        anew: SendReply | None = None,
        then: Record = nothing_to_record,
    ) -> DeliveryResult:
        """Like `_post`, into the topic of the private chat that the person wrote in last."""
        thread_id = await self.records.read(lambda unit: private_topic(unit, reply.chat_id))
        sent = replace(anew or reply, thread_id=thread_id)
        return await self._post(reply, anew=sent, then=then)

    async def _post(
        self,
        reply: SendReply,
        *,
        anew: SendReply | None = None,
        then: Record = nothing_to_record,
        heard_now: bool = False,
    ) -> DeliveryResult:
        """Send a reply, or edit the message shown for its matter.

        The new message id is saved in the transaction that marks the row. `anew` is sent instead
        if the message can't be edited; `then` runs in that transaction.
        """
        if not heard_now and await is_blocked(self.records.read, reply.chat_id):
            return GiveUp("the person blocked the bot")
        known = await self._message_of(reply) if reply.edit else None
        try:
            if reply.edit and known is not None and await self._edit(reply, known):
                return Delivered()
            sent = anew or reply
            if reply.retires is not None:  # before the message, which a failure would double
                await self.messenger.remove_buttons(reply.chat_id, reply.retires)
            message_id = await self._sent(sent)
        except BlockedError as error:
            now = self.clock.now()
            return GiveUp(str(error), lambda unit: mark_blocked(unit, reply.chat_id, now))
        if sent.matter is None and then is nothing_to_record:
            return Delivered()
        return Delivered(lambda unit: _remember(unit, sent, message_id, then))

    async def _sent(self, reply: SendReply) -> int:
        """Send the reply as a new message; returns its Bot API `message_id`."""
        if reply.chat_id == self.staff_chat and self.talks.to_group is not None:
            return await self.talks.to_group.topics.answer(reply)
        more = {"message_effect_id": reply.effect, "message_thread_id": reply.thread_id}
        return await self.messenger.send(reply.chat_id, reply.text, reply.keyboard, **more)

    async def _edit(self, reply: SendReply, message_id: int) -> bool:
        """Edit the message; one that can't be edited is deleted, since it may show a code."""
        if await self.messenger.edit(reply.chat_id, message_id, reply.text, reply.keyboard):
            return True
        return await self.messenger.delete(reply.chat_id, message_id)

    async def _message_of(self, reply: SendReply) -> int | None:
        matter = reply.matter or ""
        return await self.records.read(
            lambda unit: unit.living_messages.get(reply.chat_id, matter)
        )

    async def _present(self, reply: Reply, chat: Chat) -> DeliveryResult:
        return await self._send(self.present(reply, chat.id, chat.language))

    async def _show_call(self, task: ShowCall) -> DeliveryResult:
        screen = await self.records.ask(lambda use: use.read_call_screen(task.session_id))
        chat_id = task.chat_id or (screen.chat_id if screen else None)
        if chat_id is None:
            return Delivered()
        chat = await self.records.read(lambda unit: unit.chats.get(chat_id)) or Chat(id=chat_id)
        if screen is None:
            return await self._wipe_call(call_views.erased(task.session_id), chat)
        shown = call_views.call_screen(screen, self.policy, fresh=task.fresh)
        anew = call_views.call_screen(replace(screen, code=None), self.policy, fresh=True)
        return await self._send(
            self.present(shown, chat.id, chat.language),
            anew=self.present(anew, chat.id, chat.language),
            then=lambda unit: self._bring_code(unit, task, screen, chat.id),
        )

    async def _bring_code(
        self, unit: UnitOfWork, task: ShowCall, screen: CallScreen, chat_id: ChatId
    ) -> None:
        """Queue an edit that adds the code to the message just sent.

        The message itself has none: a crash may lose its id, and send it a second time.
        """
        if screen.code is not None:
            await unit.outbox.add(
                ShowCall(session_id=task.session_id, chat_id=task.chat_id),
                lane=chat_lane(chat_id),
                key=f"show-call:{task.session_id}:code:{self.clock.now().isoformat()}",
                due_at=self.clock.now(),
            )

    async def _wipe_call(self, reply: Reply, chat: Chat) -> DeliveryResult:
        """Empty the message of an erased session; don't send one if there is none."""
        shown = self.present(reply, chat.id, chat.language)
        known = await self._message_of(shown)
        if known is not None:
            with suppress(BlockedError):
                await self._edit(shown, known)
        return Delivered()

    async def _show_progress(self, task: ShowProgress) -> DeliveryResult:
        found = await self.records.ask(lambda use: use.read_progress(task.freelancer_id))
        chat = await self.records.read(lambda unit: unit.chats.of(task.freelancer_id))
        if chat is None or chat.blocked_at is not None or not isinstance(found, Progress):
            return Delivered()
        await self._refresh_progress(found, chat, task.trouble)
        if not task.opened:
            return Delivered()
        return await self._present(
            progress_views.step_opened(found, task.opened, self.policy), chat
        )

    async def _refresh_progress(
        self, progress: Progress, chat: Chat, trouble: PullTrouble | None
    ) -> None:
        """Edit the progress message, if the chat has one; never send a new one."""
        known = await self.records.read(
            lambda unit: unit.living_messages.get(chat.id, progress_views.MATTER)
        )
        if known is None:
            return
        reply = progress_views.pulled(
            progress, self.policy, PullTrouble(trouble) if trouble else None
        )
        shown = self.present(reply, chat.id, chat.language)
        try:
            await self.messenger.edit(chat.id, known, shown.text, shown.keyboard)
        except BlockedError:
            log.info("a progress message was not refreshed: the chat is blocked")

    async def _alert(self, task: AlertOperator) -> DeliveryResult:
        what = Alarm(task.what)
        log.error("the desk needs a person: %s %s", what, task.about)
        if self.staff_chat is None:
            return Delivered()
        return await self._present(call_views.alarm(what, task.about), Chat(id=self.staff_chat))

    async def _sweep(self) -> DeliveryResult:
        """Delete old data in small transactions, so that none blocks others.

        Plan the next sweep.
        """
        while await self.heavy_records.use(lambda use: use.sweep()):
            pass
        await self.personal.truncate_wal()
        return Delivered(lambda unit: plan_sweep(unit, self.clock.now() + EVERY))


async def _remember(unit: UnitOfWork, sent: SendReply, message_id: int, then: Record) -> None:
    if sent.matter:
        await unit.living_messages.put(sent.chat_id, sent.matter, message_id)
    await then(unit)
