"""What carrying out each kind of task means: render what may have changed, and act."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar, assert_never

from bot import views
from bot.gateways.telegram import (
    BlockedError,
    Messenger,
    RefusedError,
    RetryAfterError,
    UnreachableError,
)
from bot.gateways.twilio import CallAddresses, NotKnown, Placed, Refused, Throttled, TwilioCalls
from bot.outbox import Delivered, GiveUp, Outcome, TryLater
from bot.presenter import Presenter
from bot.reply import Reply
from bot.use_cases import Provide, UseCases
from bot.web.twiml import Dialogue
from state.model.account import Progress
from state.model.chat import Chat, ChatId
from state.model.verification import SessionId
from state.model.work import (
    CheckCall,
    DialNumber,
    HangUp,
    OutboxRow,
    RemindUnlocked,
    SendReply,
    ShowCall,
    ShowProgress,
)
from state.policy import Policy
from state.ports import Clock, Transact, UnitOfWork
from state.rules import call_events

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The telephone line: who places calls, and where the provider asks what to say."""

    calls: TwilioCalls
    dialogue: Dialogue

    def addresses(self, session_id: SessionId) -> CallAddresses:
        return CallAddresses(
            voice=self.dialogue.address("voice", session_id, 0),
            fallback=self.dialogue.address("fallback", session_id, 0),
            status=self.dialogue.status_address(session_id),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliveries:
    messenger: Messenger
    present: Presenter
    transact: Transact
    look: Transact
    """Like transact, but only reads."""
    provide: Provide
    policy: Policy
    clock: Clock
    line: Line | None

    async def __call__(self, row: OutboxRow) -> Outcome:
        try:
            return await self._deliver(row)
        except RetryAfterError as error:
            return TryLater(str(error), timedelta(seconds=error.seconds))
        except UnreachableError as error:
            return TryLater(str(error))
        except RefusedError as error:
            return GiveUp(str(error))

    async def _deliver(self, row: OutboxRow) -> Outcome:  # noqa: PLR0911 - one a kind of task
        task = row.task
        match task:
            case SendReply():
                return await self._send(task)
            case ShowCall():
                return await self._show_call(task)
            case ShowProgress():
                return await self._show_progress(task)
            case DialNumber():
                return await self._dial(task)
            case HangUp():
                return await self._hang_up(task)
            case CheckCall():
                await self._use(lambda use: use.review_call(task.session_id))
                return Delivered()
            case RemindUnlocked():
                return await self._remind(task)
            case _:
                assert_never(task)

    # ------------------------------------------------------------ messages

    async def _send(self, reply: SendReply) -> Outcome:
        """Send, or edit the living message; what is remembered is saved with the row's mark."""
        chat = await self.look(lambda unit: unit.chats.get(reply.chat_id))
        if chat is not None and chat.blocked_at is not None:
            return GiveUp("the person blocked the bot")
        known = await self._message_of(reply) if reply.matter else None
        try:
            if reply.edit and known is not None and await self._edit(reply, known):
                return Delivered()
            message_id = await self.messenger.send(
                reply.chat_id, reply.text, reply.keyboard, message_effect_id=reply.effect
            )
        except BlockedError as error:
            return GiveUp(str(error), lambda unit: self._mark_blocked(unit, reply.chat_id))
        return Delivered(lambda unit: _remember(unit, reply, message_id))

    async def _edit(self, reply: SendReply, message_id: int) -> bool:
        return await self.messenger.edit(reply.chat_id, message_id, reply.text, reply.keyboard)

    async def _message_of(self, reply: SendReply) -> int | None:
        matter = reply.matter or ""
        return await self.look(lambda unit: unit.living.get(reply.chat_id, matter))

    async def _mark_blocked(self, unit: UnitOfWork, chat_id: ChatId) -> None:
        chat = await unit.chats.get(chat_id) or Chat(id=chat_id)
        await unit.chats.save(replace(chat, blocked_at=self.clock.now()))

    async def _present(self, reply: Reply, chat: Chat) -> Outcome:
        return await self._send(self.present(reply, chat.id, chat.language))

    async def _show_call(self, task: ShowCall) -> Outcome:
        screen = await self._look(lambda use: use.read_call_screen(task.session_id))
        chat_id = task.chat_id or (screen.chat_id if screen else None)
        if screen is None or chat_id is None:
            return Delivered()
        chat = await self.look(lambda unit: unit.chats.get(chat_id)) or Chat(id=chat_id)
        reply = views.phone.call_screen(screen, self.policy, fresh=task.fresh)
        return await self._present(reply, chat)

    async def _show_progress(self, task: ShowProgress) -> Outcome:
        found = await self._look(lambda use: use.read_progress(task.freelancer_id))
        chat = await self.look(lambda unit: unit.chats.of(task.freelancer_id))
        if chat is None or chat.blocked_at is not None or not isinstance(found, Progress):
            return Delivered()
        await self._refresh_progress(found, chat)
        if not task.opened:
            return Delivered()
        return await self._present(
            views.progress.step_opened(found, task.opened, self.policy), chat
        )

    async def _refresh_progress(self, found: Progress, chat: Chat) -> None:
        """Edits an earlier progress message; where there is none, nobody asked for one."""
        known = await self.look(lambda unit: unit.living.get(chat.id, views.progress.MATTER))
        if known is None:
            return
        shown = self.present(views.progress.progress(found, self.policy), chat.id, chat.language)
        try:
            await self.messenger.edit(chat.id, known, shown.text, shown.keyboard)
        except BlockedError:
            log.info("a progress message was not refreshed: the chat is blocked")

    async def _remind(self, task: RemindUnlocked) -> Outcome:
        makes_sense = await self._look(lambda use: use.read_reminder(task.freelancer_id))
        chat = await self.look(lambda unit: unit.chats.of(task.freelancer_id))
        if not makes_sense or chat is None:
            return Delivered()
        return await self._present(views.phone.reminder(self.policy), chat)

    # ------------------------------------------------------------ calls

    async def _dial(self, task: DialNumber) -> Outcome:
        """Claimed first and committed, so that a crash never dials the same session twice."""
        to_place = await self._use(lambda use: use.claim_call(task.session_id))
        if to_place is None or self.line is None:
            return Delivered()
        addresses = self.line.addresses(task.session_id)
        placement = await self.line.calls.place(to_place.number, addresses)
        match placement:
            case Placed(sid):
                await self._happened(task.session_id, call_events.Placed(sid))
            case Refused(how, detail):
                log.error("a call was refused by the provider: %s", detail)
                await self._happened(task.session_id, call_events.PlaceFailed(how))
            case Throttled():
                await self._happened(task.session_id, call_events.Deferred())
                return TryLater("the call provider has no room")
            case NotKnown():
                log.warning("whether a call was placed is not known; its callback will tell")
            case _:
                assert_never(placement)
        return Delivered()

    async def _hang_up(self, task: HangUp) -> Outcome:
        found = await self.look(lambda unit: unit.verifications.of_session(task.session_id))
        sid = found.session.provider_sid if found and found.session else None
        if sid is None or self.line is None or await self.line.calls.end(sid):
            return Delivered()
        return TryLater("the call provider didn't answer")

    async def _happened(self, session_id: SessionId, event: call_events.CallEvent) -> None:
        await self._use(lambda use: use.advance_call(session_id, event))

    async def _use(self, work: Callable[[UseCases], Awaitable[T]]) -> T:
        return await self.transact(lambda unit: work(self.provide(unit)))

    async def _look(self, work: Callable[[UseCases], Awaitable[T]]) -> T:
        return await self.look(lambda unit: work(self.provide(unit)))


async def _remember(unit: UnitOfWork, reply: SendReply, message_id: int) -> None:
    if reply.matter:
        await unit.living.put(reply.chat_id, reply.matter, message_id)
