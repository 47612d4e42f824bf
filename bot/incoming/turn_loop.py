"""Turn loop: runs inbox rows through the handlers, several lanes per commit, one row of each."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol

from aiogram.types import Message, Update
from pydantic import ValidationError

from bot.articles.catalogue import Catalogue
from bot.gateways.telegram.parsing import read_update
from bot.gateways.telegram.updates import is_private_message, kind_of
from bot.incoming.albums import once_per_album
from bot.incoming.chat_context import chat_context_of
from bot.incoming.fragments import Postponing, joined
from bot.incoming.routing import Dispatcher
from bot.incoming.turn import HandlerConfig, Turn, event_of
from bot.presentation.reply import Reply
from bot.presentation.views import account as account_views
from bot.telemetry.monitor import REPLY_KEY, Monitor, TurnSpan
from state.model.chat import ChatId
from state.model.work import Incoming, NewReply, OutboxRow, SendReply
from state.ports import DatabaseDownError, StaleStateError, Transact, UnitOfWork
from state.usecases.lanes import chat_of_lane
from state.usecases.private_topics import note_private_topic, private_topic
from state.usecases.registry import MakeUseCases, UseCases

log = logging.getLogger(__name__)

TRIES = 3
"""Attempts to handle an update before it is set aside."""
PUT_ASIDE = "put_aside"
FAILED = "failed"
OVERDUE = timedelta(hours=1)
"""Longest time that a reply's due time lies back; an older row would be given up too early."""

Present = Callable[[Reply, int, str | None], SendReply]
"""Renders a reply for a chat, in its language or else that of its Telegram client."""


@dataclass(slots=True)
class Batch:
    """Group commit: turns of several lanes in one transaction; built anew if that is retried."""

    turns: list[TurnSpan] = field(default_factory=list)
    done: list[Incoming] = field(default_factory=list)
    more: set[str] = field(default_factory=set)
    """Lanes that have another update."""
    replies: Sequence[OutboxRow] = ()
    earlier: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """By lane, the outbox rows that must be delivered before these replies."""
    must_wake: bool = False
    """Whether the turns added outbox rows besides replies."""
    error: Exception | None = None
    """Why the transaction was rolled back."""

    def take(
        self, heads: Sequence[Incoming], is_ready: Callable[[Incoming], bool]
    ) -> Sequence[Sequence[Incoming]]:
        """The updates of each lane, oldest first; a lane whose oldest is not ready is left out."""
        lanes: dict[str, list[Incoming]] = {}
        for row in heads:
            lanes.setdefault(row.lane, []).append(row)
        return [rows for rows in lanes.values() if is_ready(rows[0])]

    def finish(self, rows: Sequence[Incoming], handled: int) -> None:
        """Mark the first `handled` rows of a lane as done."""
        self.done += rows[:handled]
        self.leave(rows[handled:])

    def leave(self, rows: Sequence[Incoming]) -> None:
        """Leave updates to the next run."""
        self.more |= {row.lane for row in rows}


class ReplyForwarder(Protocol):
    """Port: passes committed replies straight to the outbox worker, without a database query."""

    async def reserve(self, lanes: Collection[str]) -> frozenset[str]:
        """Claim lanes for this process; returns those that no other process delivers in."""
        ...

    async def hand_over(
        self,
        rows: Sequence[OutboxRow],
        earlier: Mapping[str, frozenset[int]],
        reserved: Collection[str],
    ) -> None:
        """Deliver these committed replies, and release the reserved lanes when done.

        `earlier`: by lane, outbox rows that must be delivered first.
        """
        ...


class TurnLoop:
    """Handles updates: state changes, replies and the inbox mark are one commit."""

    def __init__(
        self,
        *,
        dispatch: Dispatcher,
        config: HandlerConfig,
        transact: Transact,
        make_use_cases: MakeUseCases,
        catalogue: Callable[[], Catalogue],
        present: Present,
        answer_press: Callable[[Update], None],
        forwarder: ReplyForwarder,
        wake_outbox: Callable[[], None],
        monitor: Monitor,
        is_read: Callable[[Incoming], bool] = lambda _: True,
        postponing: Postponing = Postponing(),  # noqa: B008 - a frozen value
    ) -> None:
        """`is_read` may postpone an update (False); whoever postpones it wakes its lane later."""
        self._dispatch = dispatch
        self._config = config
        self._transact = transact
        self._make_use_cases = make_use_cases
        self._catalogue = catalogue
        self._present = present
        self._clock = config.clock
        self._answer_press = answer_press
        self._forwarder = forwarder
        self._wake_outbox = wake_outbox
        self._monitor = monitor
        self._is_read = is_read
        self._postponing = postponing

    async def run(self, lanes: Sequence[str]) -> frozenset[str]:
        """Handle the oldest update of each lane in one commit; returns the lanes with more to do.

        If one of several fails, all are rolled back and each is run by itself. DatabaseDownError
        if the database is down, which does not count as an attempt.
        """
        batch = await self._run(lanes)
        if batch.error is not None:
            return await self._after_failure(batch, batch.error, lanes)
        for seen in batch.turns:
            seen.count()
        if batch.must_wake:
            self._wake_outbox()
        return frozenset(batch.more)

    async def _run(self, lanes: Sequence[str]) -> Batch:
        batch, committed = Batch(), Batch()

        async def fill(unit: UnitOfWork) -> None:
            nonlocal batch
            batch = Batch()
            await self._fill(batch, unit, lanes)

        reserved = await self._forwarder.reserve(lanes)
        try:
            await self._transact(fill)
            committed = batch
        except DatabaseDownError:
            raise
        except Exception as error:  # noqa: BLE001 - logged, and dealt with, by the caller
            batch.error = error
        finally:
            await self._forwarder.hand_over(committed.replies, committed.earlier, reserved)
        return batch

    async def _after_failure(
        self, batch: Batch, error: Exception, lanes: Sequence[str]
    ) -> frozenset[str]:
        if len(lanes) > 1:
            log.info("%s turns are run one by one", len(lanes), exc_info=error)
            found = [await self.run([lane]) for lane in lanes]
            return frozenset().union(*found)
        if not batch.turns or batch.turns[0].row is None:
            raise error
        seen, row = batch.turns[0], batch.turns[0].row
        log.error("update %s failed", row.update_id, exc_info=error)
        seen.result = await self._record_failure(row)
        seen.count()
        self._wake_outbox()
        return frozenset(lanes)

    async def _fill(self, batch: Batch, unit: UnitOfWork, lanes: Sequence[str]) -> None:
        use, replies = self._make_use_cases(unit), list[NewReply]()
        for rows in batch.take(await unit.inbox.heads(lanes), self._is_read):
            seen = self._monitor.turn()
            batch.turns.append(seen)
            with seen:
                seen.take(rows[0])
                replies += await self._answered(batch, unit, use, seen, rows)
        now = self._clock.now()
        batch.replies = await unit.outbox.add_replies(replies)
        if batch.replies:
            first = min(one.id for one in batch.replies)
            theirs = {one.lane for one in batch.replies}
            batch.earlier = await unit.outbox.unfinished_before(first, theirs, now)
        await unit.inbox.done(batch.done, now)
        batch.must_wake = unit.outbox.must_wake

    async def _answered(
        self,
        batch: Batch,
        unit: UnitOfWork,
        use: UseCases,
        seen: TurnSpan,
        rows: Sequence[Incoming],
    ) -> Sequence[NewReply]:
        """Handle the first row of a lane, with those after it that belong to its question."""
        row = rows[0]
        try:
            update = _as_said_now(read_update(row.payload))
        except ValidationError as error:
            log.warning("update %s is not understood and put aside", row.update_id)
            reason = f"not understood: {error.error_count()} faults"
            await unit.inbox.set_aside(row, self._clock.now(), reason)
            seen.result = PUT_ASIDE
            batch.leave(rows[1:])
            return await self._apology(unit, row)
        seen.kind = kind_of(update)
        self._answer_press(update)
        turn = await self._turn(unit, use, update)
        if turn is None:
            batch.finish(rows, 1)
            return ()
        question = await joined(turn, rows, self._postponing)
        if question is None:
            batch.turns.remove(seen)
            return ()
        batch.finish(rows, len(question.rows))
        replies = await self._said(unit, update, question.turn)
        return await self._addressed(unit, row, update, replies)

    async def _turn(self, unit: UnitOfWork, use: UseCases, update: Update) -> Turn | None:
        """The turn of an update; None for kinds that are not handled."""
        event = event_of(update)
        if event is None:
            return None
        return Turn(
            unit=unit,
            use=use,
            catalogue=self._catalogue(),
            config=self._config,
            context=await chat_context_of(unit, event),
            event=event,
        )

    async def _said(self, unit: UnitOfWork, update: Update, turn: Turn) -> Sequence[Reply]:
        await _note_topic(turn, _topic_of(update))
        replies = await self._dispatch(turn)
        for reply in replies:
            if reply.pressed:
                await _live_on(unit, update, reply)
        return replies

    async def _addressed(
        self, unit: UnitOfWork, row: Incoming, update: Update, replies: Sequence[Reply]
    ) -> Sequence[NewReply]:
        chat_id, language = _addressee(update)
        due_at = max(row.received_at, self._clock.now() - OVERDUE)
        thread_id = _topic_of(update)
        if thread_id is None and update.callback_query and not _pressed(update):
            thread_id = await private_topic(unit, ChatId(chat_id))
        said = []
        for place, reply in enumerate(replies):
            addressed = reply.to or chat_id
            shown = self._present(reply, addressed, language)
            if reply.retires:
                shown = replace(shown, retires=_pressed_id(update))
            said.append(
                NewReply(
                    lane=f"chat:{addressed}",
                    key=f"{REPLY_KEY}{row.update_id}:{place}",
                    task=replace(shown, thread_id=thread_id) if addressed == chat_id else shown,
                    due_at=due_at,
                )
            )
        return await once_per_album(unit, update.message, said, self._clock.now())

    async def _apology(self, unit: UnitOfWork, row: Incoming) -> Sequence[NewReply]:
        """An apology for an unparsable update, sent to its lane's chat if that is private."""
        chat_id = chat_of_lane(row.lane)
        if chat_id is None or not is_private_message(chat_id, row.payload):
            return ()
        thread_id = await private_topic(unit, chat_id)
        shown = replace(
            self._present(account_views.internal_error(), chat_id, None), thread_id=thread_id
        )
        key = f"{REPLY_KEY}{row.update_id}:0"
        return [NewReply(lane=row.lane, key=key, task=shown, due_at=self._clock.now())]

    async def _record_failure(self, row: Incoming) -> str:
        try:
            return await self._transact(lambda unit: self._fail(unit, row))
        except StaleStateError:
            log.info("update %s was handled elsewhere meanwhile", row.update_id)
            return FAILED
        except DatabaseDownError:
            raise
        except Exception:
            log.exception("update %s gets no apology", row.update_id)
            return await self._transact(lambda unit: self._fail(unit, row, apologises=False))

    async def _fail(self, unit: UnitOfWork, row: Incoming, *, apologises: bool = True) -> str:
        if row.tries + 1 < TRIES:
            await unit.inbox.failed(row, "the handler failed")
            return FAILED
        await unit.inbox.set_aside(row, self._clock.now(), f"failed {TRIES} times")
        if apologises:
            update = _as_said_now(read_update(row.payload))
            if _addressee(update)[0]:
                apology = await self._addressed(
                    unit, row, update, [account_views.internal_error()]
                )
                await unit.outbox.add_replies(apology)
        return PUT_ASIDE


def _as_said_now(update: Update) -> Update:
    """Treat an edited message as a message with its new text; `edit_date` marks it as edited."""
    if update.edited_message is None:
        return update
    return update.model_copy(update={"message": update.edited_message, "edited_message": None})


async def _note_topic(turn: Turn, thread_id: int | None) -> None:
    """Remember the topic of a private chat for what comes later; /start stores nothing."""
    if thread_id is not None and turn.context.is_private and turn.sign != "/start":
        await note_private_topic(turn.unit, turn.chat.id, thread_id)


async def _live_on(unit: UnitOfWork, update: Update, reply: Reply) -> None:
    """Make the message of the pressed button the one that later edits go to."""
    pressed, chat_id = _pressed_id(update), ChatId(_addressee(update)[0])
    if pressed is not None and reply.matter is not None:
        await unit.living_messages.put(chat_id, reply.matter, pressed)


def _topic_of(update: Update) -> int | None:
    """Topic of the message, or of the pressed button; the reply goes to the same topic."""
    message = update.message or _pressed(update)
    return message.message_thread_id if message and message.is_topic_message else None


def _pressed(update: Update) -> Message | None:
    """The message of the pressed button; None if Telegram shows it no longer, being too old."""
    message = update.callback_query.message if update.callback_query else None
    return message if isinstance(message, Message) else None


def _pressed_id(update: Update) -> int | None:
    """Bot API `message_id` of the pressed message, also of one that is too old to read."""
    message = update.callback_query.message if update.callback_query else None
    return message.message_id if message else None


def _addressee(update: Update) -> tuple[int, str | None]:
    """Chat id to reply to and the sender's language; chat id 0 if there is none."""
    if update.message:
        user = update.message.from_user
        return update.message.chat.id, user.language_code if user else None
    if update.callback_query:
        message = update.callback_query.message
        user = update.callback_query.from_user
        return message.chat.id if message else user.id, user.language_code
    return 0, None
