"""Runs inbox rows through the handlers inside one unit of work."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol

from aiogram import Bot
from aiogram.types import Update
from pydantic import ValidationError

from bot.gateways.telegram.updates import is_said_in_private, kind_of
from bot.incoming.dispatch import Dispatch
from bot.presentation.reply import Reply
from bot.presentation.views import gathered as views
from bot.telemetry.monitor import REPLY_KEY, TurnSeen, Watch
from state.model.chat import ChatId
from state.model.work import Incoming, NewReply, OutboxRow, SendReply
from state.ports import Clock, DatabaseDownError, StaleStateError, Transact, UnitOfWork
from state.usecases.lanes import chat_of_lane


@dataclass(slots=True)
class Batch:
    """Turns of several lanes that are committed together; made anew when run again."""

    rows: list[Incoming] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    seen: list[TurnSeen] = field(default_factory=list)
    more: frozenset[str] = frozenset()
    """Lanes that have another update."""
    replies: Sequence[OutboxRow] = ()
    earlier: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """What else is to be delivered first, by lane."""
    waits: bool = False
    """More than replies was added."""

    def take(
        self, heads: Sequence[Incoming], is_ready: Callable[[Incoming], bool]
    ) -> Sequence[Incoming]:
        """The oldest of each lane, unless that one has to wait, and its lane with it."""
        firsts: dict[str, Incoming] = {}
        for row in heads:
            firsts.setdefault(row.lane, row)
        self.rows = [row for row in firsts.values() if is_ready(row)]
        ready = {row.lane for row in self.rows}
        self.more = frozenset(
            row.lane for row in heads if firsts[row.lane] is not row and row.lane in ready
        )
        return self.rows


class Handover(Protocol):
    """Takes replies straight on to their delivery, past a look into the outbox."""

    async def reserve(self, lanes: Collection[str]) -> frozenset[str]:
        """Those of the lanes in which nobody but this process delivers until they are released."""
        ...

    async def hand_over(
        self,
        rows: Sequence[OutboxRow],
        earlier: Mapping[str, frozenset[int]],
        reserved: Collection[str],
    ) -> None:
        """These were committed. Releases what was reserved, now or when it is delivered."""
        ...


log = logging.getLogger(__name__)

TRIES = 3
"""Turns that an update gets before it is put aside."""
PUT_ASIDE = "put_aside"
OVERDUE = timedelta(hours=1)
"""A reply is due since its update came in, but not so long that it would be given up early."""

Present = Callable[[Reply, int, str | None], SendReply]
"""Renders a reply for a chat, in the language its Telegram client speaks."""


class Turns:
    """Everything a turn changes, the replies it gives and the inbox mark are one commit."""

    def __init__(
        self,
        *,
        dispatch: Dispatch,
        bot: Bot,
        transact: Transact,
        provide: Callable[[UnitOfWork], Mapping[str, object]],
        present: Present,
        clock: Clock,
        courtesy: Callable[[Update], None],
        handover: Handover,
        committed: Callable[[], None],
        watch: Watch,
        is_read: Callable[[Incoming], bool] = lambda _: True,
    ) -> None:
        """What `is_read` denies is left for another batch; whoever reads it wakes its lane."""
        self._dispatch = dispatch
        self._bot = bot
        self._transact = transact
        self._provide = provide
        self._present = present
        self._clock = clock
        self._courtesy = courtesy
        self._handover = handover
        self._committed = committed
        self._watch = watch
        self._is_read = is_read

    async def run_next(self, lane: str) -> bool:
        """Handle the oldest update of the lane; False when there is none."""
        with self._watch.turn() as seen:
            try:
                found = await self._transact(lambda unit: self._turn(unit, lane, seen))
            except DatabaseDownError:
                raise  # which is no fault of the update, and costs it no try
            except Exception:
                if seen.row is None:
                    raise
                log.exception("update %s failed", seen.row.update_id)
                seen.result = await self._record_failure(seen.row)
                found = True
            self._committed()
            return found

    async def run_together(self, lanes: Sequence[str]) -> frozenset[str]:
        """Handle the oldest update of each lane in one commit; the lanes that have more to do.

        Where one of them fails, all are rolled back, and each is run by itself.
        """
        reserved = await self._handover.reserve(lanes)
        batch = Batch()
        try:
            batch = await self._transact(lambda unit: self._together(unit, lanes))
        except Exception:
            log.info("%s turns are run one by one", len(lanes), exc_info=True)
            return frozenset([lane for lane in lanes if await self.run_next(lane)])
        finally:
            await self._handover.hand_over(batch.replies, batch.earlier, reserved)
        for update, seen in zip(batch.updates, batch.seen, strict=True):
            self._courtesy(update)
            seen.count()
        if batch.waits:
            self._committed()
        return batch.more

    async def _together(self, unit: UnitOfWork, lanes: Sequence[str]) -> Batch:
        batch = Batch()
        rows = batch.take(await unit.inbox.heads(lanes), self._is_read)
        batch.seen = [self._watch.turn(counts=False) for _ in rows]
        turns = list(zip(rows, batch.seen, strict=True))
        batch.updates = [self._understood(row, seen) for row, seen in turns]
        said, supplies = [], self._provide(unit)
        for (row, seen), update in zip(turns, batch.updates, strict=True):
            with seen:
                seen.take(row)
                said.append(await self._said(unit, update, supplies))
        replies = [
            one
            for row, update, theirs in zip(rows, batch.updates, said, strict=True)
            for one in self._addressed(row, update, theirs)
        ]
        now = self._clock.now()
        batch.replies = await unit.outbox.add_replies(replies)
        if batch.replies:
            first, theirs = (
                min(one.id for one in batch.replies),
                {one.lane for one in batch.replies},
            )
            batch.earlier = await unit.outbox.open_before(first, theirs, now)
        await unit.inbox.all_done(batch.rows, now)
        batch.waits = unit.outbox.waits
        return batch

    async def _turn(self, unit: UnitOfWork, lane: str, seen: TurnSeen) -> bool:
        row = await unit.inbox.next(lane)
        seen.take(row)
        if row is None:
            return False
        now = self._clock.now()
        try:
            update = self._understood(row, seen)
        except ValidationError as error:
            log.warning("update %s is not understood and put aside", row.update_id)
            reason = f"not understood: {error.error_count()} faults"
            await unit.inbox.set_aside(row, now, reason)
            await unit.outbox.add_replies(self._apology(row))
            seen.result = PUT_ASIDE
            return True
        self._courtesy(update)
        said = await self._said(unit, update, self._provide(unit))
        await unit.outbox.add_replies(self._addressed(row, update, said))
        await unit.inbox.done(row, now)
        return True

    def _understood(self, row: Incoming, seen: TurnSeen) -> Update:
        update = Update.model_validate_json(row.payload, context={"bot": self._bot})
        seen.kind = kind_of(update)
        return _as_said_now(update)

    async def _said(
        self, unit: UnitOfWork, update: Update, supplies: Mapping[str, object]
    ) -> list[Reply]:
        replies = await self._dispatch(self._bot, update, unit, supplies)
        for reply in replies:
            if reply.pressed:
                await _live_on(unit, update, reply)
        return replies

    def _addressed(
        self, row: Incoming, update: Update, replies: Sequence[Reply]
    ) -> list[NewReply]:
        chat_id, language = _addressee(update)
        due_at = max(row.received_at, self._clock.now() - OVERDUE)
        thread_id = _topic_of(update)
        said = []
        for place, reply in enumerate(replies):
            addressed = reply.to or chat_id
            shown = self._present(reply, addressed, language)
            said.append(
                NewReply(
                    lane=f"chat:{addressed}",
                    key=f"{REPLY_KEY}{row.update_id}:{place}",
                    task=replace(shown, thread_id=thread_id) if addressed == chat_id else shown,
                    due_at=due_at,
                )
            )
        return said

    def _apology(self, row: Incoming) -> Sequence[NewReply]:
        """Without an update that could be read, to the chat that its lane names."""
        chat_id = chat_of_lane(row.lane)
        if chat_id is None or not is_said_in_private(chat_id, row.payload):
            return ()
        shown = self._present(views.account.trouble(), chat_id, None)
        key = f"{REPLY_KEY}{row.update_id}:0"
        return [NewReply(lane=row.lane, key=key, task=shown, due_at=self._clock.now())]

    async def _record_failure(self, row: Incoming) -> str:
        try:
            return await self._transact(lambda unit: self._fail(unit, row))
        except StaleStateError:
            log.info("update %s was handled elsewhere meanwhile", row.update_id)
            return "failed"
        except DatabaseDownError:
            raise
        except Exception:
            log.exception("update %s gets no apology", row.update_id)
            return await self._transact(lambda unit: self._fail(unit, row, apologises=False))

    async def _fail(self, unit: UnitOfWork, row: Incoming, *, apologises: bool = True) -> str:
        if row.tries + 1 < TRIES:
            await unit.inbox.failed(row, "the handler failed")
            return "failed"
        await unit.inbox.set_aside(row, self._clock.now(), f"failed {TRIES} times")
        if apologises:
            said = Update.model_validate_json(row.payload, context={"bot": self._bot})
            if _addressee(update := _as_said_now(said))[0]:
                apology = self._addressed(row, update, [views.account.trouble()])
                await unit.outbox.add_replies(apology)
        return PUT_ASIDE


def _as_said_now(update: Update) -> Update:
    """An edited message is read as one that says what it says now; its `edit_date` tells."""
    if update.edited_message is None:
        return update
    return update.model_copy(update={"message": update.edited_message, "edited_message": None})


async def _live_on(unit: UnitOfWork, update: Update, reply: Reply) -> None:
    """Who scrolled up and pressed a button there sees it change there."""
    message = update.callback_query.message if update.callback_query else None
    if message is not None and reply.matter is not None:
        await unit.living.put(ChatId(message.chat.id), reply.matter, message.message_id)


def _topic_of(update: Update) -> int | None:
    """In a group with topics, what is asked in one is answered in it."""
    message = update.message
    return message.message_thread_id if message and message.is_topic_message else None


def _addressee(update: Update) -> tuple[int, str | None]:
    """The chat that hears the answer, and its person's language."""
    if update.message:
        user = update.message.from_user
        return update.message.chat.id, user.language_code if user else None
    if update.callback_query:
        message = update.callback_query.message
        user = update.callback_query.from_user
        return message.chat.id if message else user.id, user.language_code
    return 0, None
