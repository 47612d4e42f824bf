"""Runs one inbox row through the dispatcher inside one unit of work."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiogram import Bot, Dispatcher
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.types import Update
from pydantic import ValidationError

from bot.reply import Reply
from state.model.work import Incoming, SendReply
from state.ports import Clock, StaleStateError, Transact, UnitOfWork

log = logging.getLogger(__name__)

TRIES = 3
"""Turns that an update gets before it is put aside."""

Present = Callable[[Reply, int, str | None], SendReply]
"""Renders a reply for a chat, in the language its Telegram client speaks."""


@dataclass(slots=True)
class _Holding:
    """What the turn was working on when it failed."""

    row: Incoming | None = None


class Turns:
    """Everything a turn changes, the replies it gives and the inbox mark are one commit."""

    def __init__(
        self,
        *,
        dispatcher: Dispatcher,
        bot: Bot,
        transact: Transact,
        provide: Callable[[UnitOfWork], Mapping[str, object]],
        present: Present,
        clock: Clock,
        courtesy: Callable[[Update], None],
        committed: Callable[[], None],
    ) -> None:
        self._dispatcher = dispatcher
        self._bot = bot
        self._transact = transact
        self._provide = provide
        self._present = present
        self._clock = clock
        self._courtesy = courtesy
        self._committed = committed

    async def run_next(self, lane: str) -> bool:
        """Handle the oldest update of the lane; False when there is none."""
        holding = _Holding()
        try:
            found = await self._transact(lambda unit: self._turn(unit, lane, holding))
        except Exception:
            if holding.row is None:
                raise
            log.exception("update %s failed", holding.row.update_id)
            await self._record_failure(holding.row)
            found = True
        self._committed()
        return found

    async def _turn(self, unit: UnitOfWork, lane: str, holding: _Holding) -> bool:
        row = holding.row = await unit.inbox.next(lane)
        if row is None:
            return False
        now = self._clock.now()
        try:
            update = Update.model_validate_json(row.payload, context={"bot": self._bot})
        except ValidationError as error:
            log.warning("update %s is not understood and put aside", row.update_id)
            reason = f"not understood: {error.error_count()} faults"
            await unit.inbox.set_aside(row, now, reason)
            return True
        update = _as_said_now(update)
        self._courtesy(update)
        provided = self._provide(unit)
        replies = await self._dispatcher.feed_update(self._bot, update, unit=unit, **provided)
        await self._send(unit, row, update, [] if replies in (None, UNHANDLED) else replies)
        await unit.inbox.done(row, now)
        return True

    async def _send(
        self, unit: UnitOfWork, row: Incoming, update: Update, replies: list[Reply]
    ) -> None:
        chat_id, language = _addressee(update)
        for place, reply in enumerate(replies):
            addressed = reply.to or chat_id
            await unit.outbox.add(
                self._present(reply, addressed, language),
                lane=f"chat:{addressed}",
                key=f"update:{row.update_id}:{place}",
                due_at=self._clock.now(),
            )

    async def _record_failure(self, row: Incoming) -> None:
        async def work(unit: UnitOfWork) -> None:
            if row.tries + 1 < TRIES:
                await unit.inbox.failed(row, "the handler failed")
                return
            now = self._clock.now()
            await unit.inbox.set_aside(row, now, f"failed {TRIES} times")
            update = _as_said_now(
                Update.model_validate_json(row.payload, context={"bot": self._bot})
            )
            if _addressee(update)[0]:
                await self._send(unit, row, update, [Reply(template="trouble")])

        try:
            await self._transact(work)
        except StaleStateError:
            log.info("update %s was handled elsewhere meanwhile", row.update_id)


def _as_said_now(update: Update) -> Update:
    """An edited message is read as one that says what it says now; its `edit_date` tells."""
    if update.edited_message is None:
        return update
    return update.model_copy(update={"message": update.edited_message, "edited_message": None})


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
