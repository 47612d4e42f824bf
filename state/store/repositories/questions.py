"""Questions with their outcomes; the chat is removed from them after some days."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, delete, false, select, update

from state.model.chat import ChatId
from state.model.question import Fault, Outcome, Question, QuestionId, Sequel
from state.store.sql.compiled import Prepared
from state.store.sql.transaction import AnyRow, Transaction
from state.store.sql.types import reading_row
from state.store.tables import question as t

_SHOWN = t.c.slug.is_not(None) & (
    t.c.message_id.is_(None) | (t.c.message_id != bindparam("besides"))
)
_LAST_SHOWN = Prepared(
    select(t).where(t.c.chat_id == bindparam("chat"), _SHOWN).order_by(t.c.id.desc()).limit(1)
)
_OF_MESSAGE = Prepared(
    select(t)
    .where(t.c.chat_id == bindparam("chat"), t.c.message_id == bindparam("message"))
    .order_by(t.c.place)
)
_GET = Prepared(select(t).where(t.c.id == bindparam("of")))
_ADD = Prepared(
    lambda insert: insert(t).returning(t.c.id),
    sets=[name for name in t.c.keys() if name != "id"],  # noqa: SIM118 - not a dict
)


class SqlQuestions:
    """Implements the port `Questions`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, question: Question) -> QuestionId:
        self._transaction.recorded.append(question)
        return QuestionId(await self._transaction.value(_ADD, **_to_row(question)))

    async def get(self, question_id: QuestionId) -> Question | None:
        row = await self._transaction.first(_GET, of=question_id)
        return None if row is None else _to_question(row)

    async def of_message(self, chat_id: ChatId, message_id: int) -> Sequence[Question]:
        rows = await self._transaction.all(_OF_MESSAGE, chat=chat_id, message=message_id)
        return [_to_question(row) for row in rows]

    async def last(self, chat_id: ChatId) -> Question | None:
        return await self._newest(t.c.chat_id == chat_id)

    async def last_shown(self, chat_id: ChatId, *, besides: int) -> Question | None:
        row = await self._transaction.first(_LAST_SHOWN, chat=chat_id, besides=besides)
        return None if row is None else _to_question(row)

    async def save(self, question: Question) -> None:
        statement = update(t).where(t.c.id == question.id).values(_to_row(question))
        await self._transaction.run(statement)

    async def remove(self, question_id: QuestionId) -> None:
        await self._transaction.run(delete(t).where(t.c.id == question_id))

    async def of_chat(self, chat_id: ChatId) -> Sequence[Question]:
        return await self._all(t.c.chat_id == chat_id, order=t.c.id)

    async def erase(self, chat_id: ChatId) -> None:
        await self._transaction.run(delete(t).where(t.c.chat_id == chat_id))

    async def disown(self, before: datetime, *, limit: int) -> Sequence[Question]:
        owned = t.c.chat_id.is_not(None) & (t.c.asked_at < before)
        return await self._disown(await self._all(owned, order=t.c.asked_at, limit=limit))

    async def disown_chat(self, chat_id: ChatId) -> Sequence[Question]:
        return await self._disown(await self.of_chat(chat_id))

    async def _disown(self, owned: Sequence[Question]) -> Sequence[Question]:
        if owned:
            await self._transaction.run(
                update(t)
                .where(t.c.id.in_([one.id for one in owned]))
                .values(chat_id=None, message_id=None, words=case((_GAP, t.c.words), else_=None))
            )
        return owned

    async def record_sequel(self, chat_id: ChatId, sequel: Sequel, since: datetime) -> None:
        open_ = (t.c.chat_id == chat_id) & (t.c.asked_at >= since) & t.c.led_to.is_(None)
        await self._transaction.run(update(t).where(open_).values(led_to=sequel.value))

    async def gaps(self, since: datetime, *, limit: int) -> Sequence[Question]:
        failed = (t.c.asked_at >= since) & t.c.words.is_not(None) & _GAP
        newest = await self._all(failed, order=t.c.id.desc(), limit=limit)
        return newest[::-1]

    async def pop_old(self, before: datetime, *, limit: int) -> Sequence[Question]:
        old = t.c.chat_id.is_(None) & (t.c.asked_at < before)
        oldest = await self._all(old, order=t.c.asked_at, limit=limit)
        ids = [one.id for one in oldest]
        await self._transaction.run(delete(t).where(t.c.id.in_(ids)))
        return oldest

    async def _newest(self, which: ColumnElement[bool]) -> Question | None:
        newest = select(t).where(which).order_by(t.c.id.desc()).limit(1)
        row = await self._transaction.first(newest)
        return None if row is None else _to_question(row)

    async def _all(
        self, which: ColumnElement[bool], *, order: ColumnElement[Any], limit: int | None = None
    ) -> Sequence[Question]:
        statement = select(t).where(which).order_by(order).limit(limit)
        return [_to_question(row) for row in await self._transaction.all(statement)]


_GAP = (
    (t.c.outcome == Outcome.NOTHING.value)
    | ((t.c.outcome == Outcome.UNSURE.value) & t.c.slug.is_(None))
    | t.c.helpful.is_(false())
)


def _to_row(question: Question) -> dict[str, Any]:
    return {
        "chat_id": question.chat_id,
        "message_id": question.message_id,
        "place": question.place,
        "language": question.language,
        "words": question.words,
        "outcome": question.outcome.value,
        "slug": question.slug,
        "runner_up": question.runner_up,
        "score": question.score,
        "asked_at": question.asked_at,
        "helpful": question.helpful,
        "fault": question.fault.value if question.fault else None,
        "led_to": question.led_to.value if question.led_to else None,
    }


def _to_question(row: AnyRow) -> Question:
    with reading_row("question", row.id):
        return Question(
            id=QuestionId(row.id),
            chat_id=None if row.chat_id is None else ChatId(row.chat_id),
            message_id=row.message_id,
            place=row.place,
            language=row.language,
            words=row.words,
            outcome=Outcome(row.outcome),
            slug=row.slug,
            runner_up=row.runner_up,
            score=row.score,
            asked_at=row.asked_at,
            helpful=row.helpful,
            fault=None if row.fault is None else Fault(row.fault),
            led_to=None if row.led_to is None else Sequel(row.led_to),
        )
