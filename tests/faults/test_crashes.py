"""What a crash leaves half done around a call is neither done twice nor forgotten (T09, T29-T30).

A crash is a bot that is put together anew on the same database, at whatever moment it is then.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

import pytest

from bot.gateways.ports import PlacementResult
from bot.gateways.twilio.client import TwilioCalls
from state.model.account import FreelancerId
from state.model.verification import CallSession, Dialing, Placing, Queued
from tests.support.chat import ADA, Scene
from tests.support.databases import execute
from tests.support.fakes import START
from tests.support.phone import Phone, sid_of
from tests.support.scenes import opened_scene

FREELANCER = FreelancerId(f"f-{ADA}")
NEWEST_UPDATE = {"first": 0, "second": 1000}
"""Telegram counts on, whichever process takes the updates."""


class Start(Protocol):
    def __call__(self, name: str, at: datetime = START) -> AbstractAsyncContextManager[Scene]: ...


@pytest.fixture
def start(database_url: str, tmp_path: Path) -> Start:
    """A process of its own, at a moment of its own, on the one database."""

    @asynccontextmanager
    async def started(name: str, at: datetime = START) -> AsyncIterator[Scene]:
        async with opened_scene(database_url, folder=tmp_path / name) as scene:
            scene.clock.moment = at
            scene.updates = NEWEST_UPDATE[name]
            yield scene

    return started


async def stored_session(scene: Scene) -> CallSession:
    database = scene.parts.desk.database
    found = (await database.read(lambda unit: unit.verifications.load(FREELANCER))).session
    assert found is not None
    return found


async def ask_for_call(scene: Scene) -> CallSession:
    """Committed with its tasks, of which none was carried out."""
    await scene.person(ADA).link()
    desk = scene.parts.desk
    await desk.database.transact(lambda unit: desk.use_cases(unit).request_call(FREELANCER))
    return await stored_session(scene)


async def claim(scene: Scene, session: CallSession) -> None:
    """The first half of dialling, which is committed before the provider is asked."""
    desk = scene.parts.desk
    await desk.database.transact(lambda unit: desk.use_cases(unit).claim_call(session.id))


async def place(scene: Scene, session: CallSession) -> PlacementResult:
    """The second half: the provider has the call, and its answer is lost with the process."""
    async with TwilioCalls(scene.parts.desk.settings) as calls:
        return await calls.place(session.id, session.number)


async def test_a_crash_before_the_claim_leaves_a_call_that_is_placed_once(start: Start) -> None:
    async with start("first") as first:
        asked = await ask_for_call(first)
        at = first.clock.now()

    async with start("second", at) as second:
        await second.settle()

        assert isinstance(asked.phase, Queued)
        assert isinstance((await stored_session(second)).phase, Dialing)
        assert len(second.provider.orders) == 1


@pytest.mark.attack("T29")
async def test_a_crash_after_the_claim_places_no_call_and_fails_after_90_seconds(
    start: Start,
) -> None:
    async with start("first") as first:
        await claim(first, await ask_for_call(first))
        at = first.clock.now()

    async with start("second", at) as second:
        ada = second.person(ADA)
        await second.settle()
        await second.wait(seconds=89.999)
        waiting = await stored_session(second)
        await second.wait(milliseconds=1)

        assert isinstance(waiting.phase, Placing)
        assert "I could not place the call." in ada.last.text
        assert "This did not cost you an attempt. 3 attempts left." in ada.last.text
        assert second.provider.orders == []


@pytest.mark.attack("T30")
async def test_after_a_crash_behind_the_order_the_first_callback_adopts_the_call(
    start: Start,
) -> None:
    async with start("first") as first:
        session = await ask_for_call(first)
        await claim(first, session)
        await place(first, session)
        at, [order] = first.clock.now(), first.provider.orders

    async with start("second", at) as second:
        await second.settle()
        ada = second.person(ADA)
        phone = Phone(door=second.door, order=order, sid=sid_of(1), settle=second.settle)
        await phone.report("ringing")
        adopted = await stored_session(second)
        await phone.to_code_step()
        farewell = await phone.key(ada.code)

        assert (adopted.provider_sid, adopted.phase) == (sid_of(1), Dialing())
        assert farewell.words.startswith("That is right.")
        assert any("Phone verification: done." in each.text for each in ada.messages)
        assert second.provider.orders == []


@pytest.mark.attack("T31")
async def test_an_order_without_callbacks_fails_after_90_seconds(start: Start) -> None:
    async with start("first") as first:
        session = await ask_for_call(first)
        await claim(first, session)
        await place(first, session)
        at = first.clock.now()

    async with start("second", at) as second:
        await second.wait(seconds=90)

        assert "I could not place the call." in second.person(ADA).last.text
        assert second.provider.orders == []


async def lock_out(scene: Scene) -> list[int]:
    """Three wrong codes; the moments that the chat then names."""
    ada = scene.person(ADA)
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()
    wrong = ada.wrong_code
    await phone.key(wrong)
    await phone.key(wrong)
    await phone.key(wrong)
    return ada.last.moments


@pytest.mark.attack("T09")
async def test_a_restart_does_not_change_the_end_of_a_lock(start: Start) -> None:
    async with start("first") as first:
        promised = await lock_out(first)
        at = first.clock.forward(hours=23, minutes=59, seconds=59, milliseconds=999)

    async with start("second", at) as second:
        ada = second.person(ADA)
        [refused] = await ada.say("/verify")
        second.clock.forward(milliseconds=1)
        *_, offered = await ada.say("/verify")

        assert refused.moments == promised
        assert int(second.clock.now().timestamp()) == promised[0]
        assert "Yes, call me now" in offered.labels


@pytest.mark.attack("T09")
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_lock_survives_dropped_database_connections(
    start: Start, postgres_url: str
) -> None:
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    async with start("first") as scene:
        promised = await lock_out(scene)

        await execute(
            postgres_url, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"
        )
        [refused] = await scene.person(ADA).say("/verify")

        assert refused.moments == promised
