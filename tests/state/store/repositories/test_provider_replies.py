import pytest

from state.model.chat import ChatId
from state.model.verification import Queued
from state.ports import AuditEvent, StaleStateError
from tests.state.store.desk import Desk
from tests.support.builders import a_session, a_verification
from tests.support.fakes import START

SESSION = a_session().id
A_CALL = a_verification(Queued(), version=0)
HOME = ChatId(7)


async def test_a_reply_is_stored_for_its_turn(desk: Desk, onlooker: Desk) -> None:
    await desk.transact(lambda unit: unit.verifications.save(A_CALL))
    await desk.transact(lambda unit: unit.provider_replies.put(SESSION, 0, "<Response/>"))

    assert (
        await onlooker.transact(lambda unit: unit.provider_replies.get(SESSION, 0))
        == "<Response/>"
    )
    assert await onlooker.transact(lambda unit: unit.provider_replies.get(SESSION, 1)) is None


async def test_a_turn_can_be_answered_only_once(desk: Desk, onlooker: Desk) -> None:
    await desk.transact(lambda unit: unit.verifications.save(A_CALL))
    await desk.transact(lambda unit: unit.provider_replies.put(SESSION, 0, "first"))

    with pytest.raises(StaleStateError):
        await desk.transact(lambda unit: unit.provider_replies.put(SESSION, 0, "second"))

    assert await onlooker.transact(lambda unit: unit.provider_replies.get(SESSION, 0)) == "first"


async def test_a_provider_event_is_new_only_once(desk: Desk) -> None:
    news = [
        await desk.transact(
            lambda unit: unit.provider_replies.register_event("twilio", "CA1:3:busy", START)
        ),
        await desk.transact(
            lambda unit: unit.provider_replies.register_event("twilio", "CA1:3:busy", START)
        ),
        await desk.transact(
            lambda unit: unit.provider_replies.register_event("gateway", "CA1:3:busy", START)
        ),
    ]

    assert news == [True, False, True]


async def test_the_newest_message_of_a_matter_is_its_living_message(
    desk: Desk, onlooker: Desk
) -> None:
    await desk.transact(lambda unit: unit.living_messages.put(HOME, "progress", 41))
    await desk.transact(lambda unit: unit.living_messages.put(HOME, "progress", 42))

    assert await onlooker.transact(lambda unit: unit.living_messages.get(HOME, "progress")) == 42
    assert await onlooker.transact(lambda unit: unit.living_messages.get(HOME, "call")) is None


async def test_the_audit_trail_accepts_the_same_line_twice(desk: Desk) -> None:
    line = AuditEvent(at=START, kind="wrong_code", subject="f-1001", actor="call")

    await desk.transact(lambda unit: unit.audit.add(line))
    await desk.transact(lambda unit: unit.audit.add(line))
