"""What the ports do not show: the rows themselves, and rows that nobody should have written."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text, update
from sqlalchemy.exc import IntegrityError

from state.model.chat import ChatId
from state.model.verification import Queued
from state.model.work import HangUp, Incoming, SendReply
from state.ports import AuditEvent, ImpossibleRowError, StaleStateError, UnitOfWork
from state.store.database import Database
from state.store.queues.outbox import DUE
from state.store.tables import account, outbox
from tests.support.builders import ADA, KEY, a_session, a_verification, an_account
from tests.support.fakes import START

UPDATE = Incoming(update_id=1, lane="chat:7", payload='{"text": "hi"}', received_at=START)
REPLY = SendReply(chat_id=ChatId(7), text="Hi")
EXPLAIN = {
    "sqlite": ["EXPLAIN QUERY PLAN"],
    "postgresql": ["SET LOCAL enable_seqscan = off", "EXPLAIN"],  # an empty table tempts it
}


async def rows(database: Database, sql: str) -> list[tuple[Any, ...]]:
    async with database.connections.reading() as transaction:
        return [tuple(row) for row in (await transaction.run(text(sql))).all()]


async def add_reply(unit: UnitOfWork) -> None:
    await unit.outbox.add(REPLY, lane="chat:7", key="k", due_at=START)


async def test_the_payload_of_a_handled_update_is_deleted(
    database: Database, second: Database
) -> None:
    await database.inbox_queue.store([UPDATE])

    await database.transact(lambda unit: unit.inbox.done([UPDATE], START))

    assert await rows(second, "SELECT update_id, state, payload FROM inbox") == [(1, "done", None)]


async def test_an_update_set_aside_keeps_its_payload_and_the_reason(
    database: Database, second: Database
) -> None:
    await database.inbox_queue.store([UPDATE])

    await database.transact(lambda unit: unit.inbox.set_aside(UPDATE, START, "no chat"))

    assert await rows(second, "SELECT state, payload, reason FROM inbox") == [
        ("given_up", UPDATE.payload, "no chat")
    ]


@pytest.mark.parametrize("given_up", [False, True], ids=["delivered", "given up"])
async def test_the_payload_of_a_delivered_row_is_deleted(
    database: Database, second: Database, given_up: bool
) -> None:
    await database.transact(add_reply)
    (row,) = await database.outbox_queue.due(START, limit=1, busy_lanes=())

    leave: dict[bool, Callable[[UnitOfWork], Awaitable[None]]] = {
        False: lambda unit: unit.outbox.finish(row, START),
        True: lambda unit: unit.outbox.give_up(row, at=START, reason="blocked"),
    }
    await database.transact(leave[given_up])

    assert await rows(second, "SELECT key, state, payload, reason FROM outbox") == [
        ("k", "given_up", None, "blocked") if given_up else ("k", "done", None, None)
    ]


async def test_a_worker_with_a_replaced_row_does_not_finish_the_new_one(
    database: Database, second: Database
) -> None:
    await database.transact(add_reply)
    (held,) = await second.outbox_queue.due(START, limit=1, busy_lanes=())
    hang_up = HangUp(session_id=a_session().id)
    await database.transact(
        lambda unit: unit.outbox.add(hang_up, lane="chat:7", key="k", due_at=START, replace=True)
    )

    await second.transact(lambda unit: unit.outbox.finish(held, START))

    (left,) = await second.outbox_queue.due(START, limit=1, busy_lanes=())
    assert left.task == hang_up


async def test_a_row_of_another_version_waits_and_lets_other_lanes_pass(
    database: Database, second: Database
) -> None:
    async def add_both(unit: UnitOfWork) -> None:
        await unit.outbox.add(REPLY, lane="a", key="strange", due_at=START)
        await unit.outbox.add(REPLY, lane="a", key="behind it", due_at=START)
        await unit.outbox.add(REPLY, lane="b", key="other", due_at=START)

    await database.transact(add_both)
    async with database.connections.writing() as transaction:
        await transaction.run(
            update(outbox).where(outbox.c.key == "strange").values(kind="send_fax")
        )

    due = await second.outbox_queue.due(START, limit=10, busy_lanes=())

    assert [row.key for row in due] == ["other"]


async def test_a_row_that_no_version_can_read_is_set_aside_after_a_minute(
    database: Database, second: Database
) -> None:
    async def add_both(unit: UnitOfWork) -> None:
        await unit.outbox.add(REPLY, lane="a", key="strange", due_at=START)
        await unit.outbox.add(REPLY, lane="a", key="behind it", due_at=START)

    await database.transact(add_both)
    async with database.connections.writing() as transaction:
        await transaction.run(
            update(outbox).where(outbox.c.key == "strange").values(kind="send_fax")
        )
    found = []
    for seconds in (0, 59, 60, 61):
        now = START + timedelta(seconds=seconds)
        due = await second.outbox_queue.due(now, limit=10, busy_lanes=())
        found.append([row.key for row in due])

    kept = "SELECT state, reason, payload IS NOT NULL FROM outbox WHERE key = 'strange'"
    [(state, reason, has_words)] = await rows(second, kept)
    assert found == [[], [], [], ["behind it"]]
    assert (state, reason, bool(has_words)) == ("given_up", "not readable", True)


async def test_an_impossible_row_is_reported_with_table_and_key(database: Database) -> None:
    await database.transact(lambda unit: unit.accounts.put(an_account()))
    async with database.connections.writing() as transaction:
        await transaction.run(update(account).values(profile=[1, 2]))

    with pytest.raises(ImpossibleRowError, match="account 'f-1001'"):
        await database.transact(lambda unit: unit.accounts.get(ADA))


async def test_a_number_erased_meanwhile_is_not_verified(database: Database) -> None:
    with pytest.raises(StaleStateError, match="no such number any more"):
        await database.transact(lambda unit: unit.numbers.mark_verified(ADA, KEY, START))


async def test_a_reply_to_an_unknown_call_is_an_error_and_no_conflict(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await database.transact(
            lambda unit: unit.provider_replies.put(a_session().id, 0, "<Response/>")
        )


async def test_audit_lines_are_never_overwritten(database: Database, second: Database) -> None:
    line = AuditEvent(at=START, kind="wrong_code", subject="f-1001", actor="call", detail="2 left")

    await database.transact(lambda unit: unit.audit.add(line))
    await database.transact(lambda unit: unit.audit.add(line))

    assert (
        await rows(second, "SELECT kind, subject, actor, detail FROM audit_event")
        == [("wrong_code", "f-1001", "call", "2 left")] * 2
    )


async def test_replies_are_deleted_with_their_call(database: Database, second: Database) -> None:
    await database.transact(
        lambda unit: unit.verifications.save(a_verification(Queued(), version=0))
    )
    await database.transact(
        lambda unit: unit.provider_replies.put(a_session().id, 0, "<Response/>")
    )

    async with database.connections.writing() as transaction:
        await transaction.run(text("DELETE FROM verification_round"))

    assert await rows(second, "SELECT count(*) FROM call_turn") == [(0,)]


async def test_queries_do_not_scan_finished_rows(database: Database) -> None:
    def plan(bound: Connection) -> str:
        statement = DUE.statement(bound.dialect.name).params(now=START, most=10, within="chats")
        compiled = statement.compile(bound, compile_kwargs={"literal_binds": True})
        *before, explain = EXPLAIN[bound.dialect.name]
        for each in before:
            bound.exec_driver_sql(each)
        return "\n".join(map(repr, map(tuple, bound.exec_driver_sql(f"{explain} {compiled}"))))

    async with database.connections.reading() as transaction:
        steps = await transaction.run_sync(plan)

    assert steps.count("ix_outbox_pending") == 2
