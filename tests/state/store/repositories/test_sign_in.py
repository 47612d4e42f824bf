from dataclasses import replace
from datetime import timedelta

import pytest

from state.model.sign_in import SignInLink, StaffSession, Way
from state.model.staff import StaffId
from state.ports import RetentionLimits, StaleStateError, UnitOfWork
from tests.state.store.desk import Desk
from tests.support.fakes import START

ANN, BOB = StaffId(501), StaffId(502)
LATER = START + timedelta(hours=1)
LINK = SignInLink(token_hash="hash", staff_id=ANN, expires_at=LATER)
VISIT = StaffSession(
    secret_hash="secret", staff_id=ANN, way=Way.LINK, began_at=START, seen_at=START
)


async def add_visits(unit: UnitOfWork) -> None:
    await unit.visits.add(VISIT)
    await unit.visits.add(replace(VISIT, secret_hash="newer", began_at=LATER, way=Way.TELEGRAM))
    await unit.visits.add(replace(VISIT, secret_hash="bobs", staff_id=BOB))


async def test_a_link_can_be_used_once(desk: Desk, onlooker: Desk) -> None:
    await desk.transact(lambda unit: unit.sign_in_links.add(LINK))
    await desk.transact(lambda unit: unit.sign_in_links.use(LINK, START))

    with pytest.raises(StaleStateError):
        await desk.transact(lambda unit: unit.sign_in_links.use(LINK, LATER))

    found = await onlooker.transact(lambda unit: unit.sign_in_links.find("hash"))
    assert found == replace(LINK, used_at=START)
    assert await onlooker.transact(lambda unit: unit.sign_in_links.find("other")) is None


async def test_a_session_is_stored_and_its_activity_updated(desk: Desk, onlooker: Desk) -> None:
    await desk.transact(add_visits)
    await desk.transact(lambda unit: unit.visits.touch("secret", LATER))

    found = await onlooker.transact(lambda unit: unit.visits.get("secret"))

    assert found == replace(VISIT, seen_at=LATER)
    assert await onlooker.transact(lambda unit: unit.visits.get("other")) is None


async def test_one_session_is_ended_without_the_others(desk: Desk, onlooker: Desk) -> None:
    await desk.transact(add_visits)
    await desk.transact(lambda unit: unit.visits.end("secret", LATER))
    await desk.transact(lambda unit: unit.visits.end("secret", LATER + timedelta(hours=1)))

    ended = await onlooker.transact(lambda unit: unit.visits.get("secret"))
    others = await onlooker.transact(lambda unit: unit.visits.of(ANN))

    assert ended == replace(VISIT, ended_at=LATER)
    assert [one.secret_hash for one in others] == ["newer"]


async def test_all_sessions_of_a_member_are_ended_together(desk: Desk, onlooker: Desk) -> None:
    await desk.transact(add_visits)
    before = await onlooker.transact(lambda unit: unit.visits.of(ANN))

    await desk.transact(lambda unit: unit.visits.end_all(ANN, LATER))

    assert [one.secret_hash for one in before] == ["newer", "secret"]
    assert await onlooker.transact(lambda unit: unit.visits.of(ANN)) == []
    assert len(await onlooker.transact(lambda unit: unit.visits.of(BOB))) == 1


async def test_idle_sessions_and_old_links_are_deleted(desk: Desk, onlooker: Desk) -> None:
    await desk.transact(add_visits)
    await desk.transact(lambda unit: unit.visits.touch("newer", LATER))
    await desk.transact(lambda unit: unit.sign_in_links.add(replace(LINK, expires_at=START)))
    since = RetentionLimits(
        handled=START,
        ended=START,
        told=START,
        locked=START,
        counted=START,
        guessed=START,
        signed_in=LATER,
        talked=START,
    )

    await desk.transact(lambda unit: unit.retention.delete_expired(since, limit=10))

    assert await onlooker.transact(lambda unit: unit.sign_in_links.find("hash")) is None
    assert await onlooker.transact(lambda unit: unit.visits.get("secret")) is None
    assert await onlooker.transact(lambda unit: unit.visits.get("newer")) is not None
