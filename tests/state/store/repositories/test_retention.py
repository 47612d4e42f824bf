"""What is let go in its time, and what has to stay."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from state.model.chat import ChatId, LinkOffer
from state.model.verification import Ended, Ending, SessionId
from state.model.work import Incoming, SendReply
from state.ports import AuditEvent, RetentionLimits, UnitOfWork
from state.store.admin import migrate as schema
from state.store.database import Database
from state.store.sql.transaction import Transaction
from tests.state.store.desk import Desk
from tests.support.builders import (
    ADA,
    BEN,
    KEY,
    OTHER_KEY,
    PERSON,
    a_session,
    a_verification,
    an_entry,
)
from tests.support.databases import fresh_postgres, opened
from tests.support.fakes import START

DAY = timedelta(days=1)
SINCE = RetentionLimits(
    handled=START - 3 * DAY,
    ended=START - 30 * DAY,
    told=START - 400 * DAY,
    locked=START,
    counted=START - DAY,
    guessed=START - DAY,
    signed_in=START - DAY,
    talked=START - 90 * DAY,
)
OLD, RECENT = SessionId("a" * 32), SessionId("b" * 32)


async def let_go(desk: Desk, *, limit: int = 100) -> bool:
    return await desk.transact(lambda unit: unit.retention.delete_expired(SINCE, limit=limit))


async def call(unit: UnitOfWork, session_id: SessionId, days_ago: float) -> None:
    """One that ended so long ago, with an answer that was given in it."""
    ended = Ended(Ending.NO_ANSWER, START - days_ago * DAY)
    held = await unit.verifications.load(ADA)
    session = a_session(ended, id=session_id, opened_at=START - days_ago * DAY)
    await unit.verifications.save(replace(held, session=session))
    await unit.provider_replies.put(session_id, 0, "<Response/>")


async def answered(desk: Desk, session_id: SessionId) -> str | None:
    return await desk.transact(lambda unit: unit.provider_replies.get(session_id, 0))


async def test_ended_calls_and_their_replies_are_kept_for_a_while(
    desk: Desk, onlooker: Desk
) -> None:
    await desk.transact(lambda unit: call(unit, OLD, 31))
    await desk.transact(lambda unit: call(unit, RECENT, 4))

    more = await let_go(desk)

    old = await onlooker.transact(lambda unit: unit.verifications.of_session(OLD))
    recent = await onlooker.transact(lambda unit: unit.verifications.of_session(RECENT))
    assert not more
    assert (old, recent is None) == (None, False)
    assert await answered(onlooker, RECENT) is None


async def test_replies_of_a_call_that_just_ended_stay(desk: Desk, onlooker: Desk) -> None:
    await desk.transact(lambda unit: call(unit, RECENT, 2))

    await let_go(desk)

    assert await answered(onlooker, RECENT) == "<Response/>"


async def test_a_running_call_is_kept_at_any_age(desk: Desk, onlooker: Desk) -> None:
    running = a_verification(version=0)
    session = a_session(id=OLD, opened_at=START - 500 * DAY)
    await desk.transact(lambda unit: unit.verifications.save(replace(running, session=session)))

    await let_go(desk)

    found = await onlooker.transact(lambda unit: unit.verifications.of_session(OLD))
    assert found is not None


async def test_provider_events_are_kept_as_long_as_they_may_be_repeated(desk: Desk) -> None:
    async def seen(unit: UnitOfWork, days_ago: float) -> bool:
        return await unit.provider_replies.register_event(
            "p", f"e{days_ago}", START - days_ago * DAY
        )

    await desk.transact(lambda unit: seen(unit, 4))
    await desk.transact(lambda unit: seen(unit, 2))

    await let_go(desk)

    assert await desk.transact(lambda unit: seen(unit, 4))
    assert not await desk.transact(lambda unit: seen(unit, 2))


async def test_an_expired_lock_is_deleted_and_a_current_one_stays(
    desk: Desk, onlooker: Desk
) -> None:
    old = START - 2 * DAY
    over = an_entry(at=old, locked_until=START)
    holding = an_entry(at=old, locked_until=START + DAY)
    counting = an_entry(at=START - DAY + timedelta(milliseconds=1))
    too_old = an_entry(at=START - DAY)

    async def note(unit: UnitOfWork) -> None:
        for entry in (over, holding, counting, too_old):
            await unit.ledger.add(entry)

    await desk.transact(note)
    await let_go(desk)

    kept = await onlooker.transact(
        lambda unit: unit.ledger.about(PERSON, None, since=START - 9 * DAY)
    )
    assert kept == [holding, counting]


async def test_an_expired_binding_is_deleted(desk: Desk, onlooker: Desk) -> None:
    async def bind(unit: UnitOfWork) -> None:
        for who, key, until in ((ADA, KEY, START), (BEN, OTHER_KEY, START + DAY)):
            await unit.numbers.set_current(who, f"+{key}", key, START)
            await unit.numbers.mark_verified(who, key, START)
            await unit.ledger.bind(key, PERSON)
            await unit.ledger.release_later(who, until)

    await desk.transact(bind)
    await let_go(desk)

    released = await onlooker.transact(lambda unit: unit.ledger.release(KEY))
    kept = await onlooker.transact(lambda unit: unit.ledger.release(OTHER_KEY))
    assert (released, kept) == (False, True)


async def test_links_that_expired_days_ago_are_deleted(desk: Desk, onlooker: Desk) -> None:
    async def offer(unit: UnitOfWork) -> None:
        for name, days in (("old", 4), ("new", 2)):
            expires_at = START - days * DAY
            await unit.links.add(
                LinkOffer(
                    freelancer_id=ADA, token_hash=name, code_hash=name * 2, expires_at=expires_at
                )
            )

    await desk.transact(offer)
    await let_go(desk)

    kept = await onlooker.transact(lambda unit: unit.links.of(ADA))
    assert [one.token_hash for one in kept] == ["new"]


async def test_audit_lines_are_kept_for_more_than_a_year(desk: Desk, onlooker: Desk) -> None:
    async def tell(unit: UnitOfWork) -> None:
        for days_ago, subject in ((401, ADA), (399, ADA), (1, "f-2"), (0, ADA)):
            at = START - days_ago * DAY
            kind = f"k{days_ago}"
            await unit.audit.add(AuditEvent(at=at, kind=kind, subject=subject, actor="a"))

    await desk.transact(tell)
    before = await onlooker.transact(lambda unit: unit.audit.about(ADA))
    await let_go(desk)
    after = await onlooker.transact(lambda unit: unit.audit.about(ADA))

    assert [event.kind for event in before] == ["k401", "k399", "k0"]
    assert [event.kind for event in after] == ["k399", "k0"]


async def test_rows_are_deleted_in_parts_until_none_are_left(desk: Desk) -> None:
    async def note(unit: UnitOfWork) -> None:
        for _ in range(5):
            await unit.ledger.add(an_entry(at=START - 2 * DAY))

    await desk.transact(note)

    assert [await let_go(desk, limit=2) for _ in range(3)] == [True, True, False]


# ---------------------------------------------------------------- queues, which memory keeps


async def test_ids_of_updates_and_keys_of_tasks_are_deleted_once_they_cannot_be_repeated(
    database: Database,
) -> None:
    long_ago = START - 4 * DAY
    rows = [
        Incoming(update_id=number, lane="chat:1", payload="{}", received_at=long_ago)
        for number in (1, 2)
    ]
    await database.inbox_queue.store(rows)
    reply = SendReply(chat_id=ChatId(1), text="x")
    for key in ("old", "waiting"):
        await database.transact(
            lambda unit, key=key: unit.outbox.add(reply, lane=key, key=key, due_at=long_ago)  # type: ignore[misc]  # bound at once
        )
    due = await database.outbox_queue.due(START, limit=9, busy_lanes=())

    async def done(unit: UnitOfWork) -> None:
        await unit.inbox.done([rows[0]], long_ago)
        await unit.outbox.finish(due[0], long_ago)

    await database.transact(done)
    await let_go(database)

    left = await database.outbox_queue.due(START, limit=9, busy_lanes=())
    assert [row.key for row in left] == ["waiting"]
    assert await database.inbox_queue.store(rows[:1]) == frozenset({"chat:1"})
    assert await database.inbox_queue.store(rows[1:]) == frozenset()


async def test_the_latest_event_is_the_last_audit_line(database: Database) -> None:
    before = await database.latest_event_at()
    line = AuditEvent(at=START, kind="k", subject="s", actor="a")
    await database.transact(lambda unit: unit.audit.add(line))

    assert before is None
    assert await database.latest_event_at() == START


# ---------------------------------------------------------------- from the version before


A_ROUND = """
INSERT INTO verification_round (freelancer_id, version, kind, wrong_at)
VALUES ('f-1', 1, 'open', '[]')
"""
A_CALL = """
INSERT INTO call_session (seq, id, freelancer_id, number, number_key, seed, pepper_id, opened_at,
expires_at, phase, turn) VALUES (7, 's', 'f-1', '+1', 'k', '', 'p', 0, 1, 'dialing', 0)
"""
AN_ANSWER = "INSERT INTO call_turn (session_id, turn, body) VALUES ('s', 0, '<x/>')"


async def keep_a_call(transaction: Transaction) -> None:
    for statement in (A_ROUND, A_CALL, AN_ANSWER):
        await transaction.run(text(statement))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_running_calls_survive_the_upgrade_and_the_downgrade(
    kind: str, tmp_path: object
) -> None:
    if kind == "sqlite":
        await _upgraded(f"sqlite+aiosqlite:///{tmp_path}/old.db")
    else:
        async with fresh_postgres() as url:
            await _upgraded(url)


async def _upgraded(url: str) -> None:
    kept = "SELECT s.seq, s.id, t.body FROM call_session s JOIN call_turn t ON t.session_id = s.id"
    async with opened(url) as database:
        await schema.upgrade(database, pepper=b"p" * 16)
        await schema.downgrade(database, "0002", pepper=b"p" * 16)
        async with database.connections.writing() as transaction:
            await keep_a_call(transaction)

        await schema.upgrade(database, pepper=b"p" * 16)
        async with database.connections.reading() as transaction:
            after = (await transaction.run(text(f"{kept} WHERE s.channel = 'call'"))).all()
        await schema.downgrade(database, "0002", pepper=b"p" * 16)
        async with database.connections.reading() as transaction:
            back = (await transaction.run(text(kept))).all()

    assert [tuple(row) for row in (*after, *back)] == [(7, "s", "<x/>")] * 2
