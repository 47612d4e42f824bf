"""The provider repeats a request, all at once: one attempt, and every answer the same (T16)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import func, select

from state.store import tables
from tests.support.chat import ADA, Scene
from tests.support.phone import Phone, post
from tests.support.scenes import opened_scene

REPEATED = 50


@pytest_asyncio.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(database_url, folder=tmp_path) as scene:
        yield scene


async def key_repeatedly(scene: Scene, phone: Phone, digits: str) -> tuple[set[int], set[bytes]]:
    """The same signed request for the same turn; the statuses and bodies that came back."""
    form = phone.form({"Digits": digits})
    asked = [post(scene.door, phone.asked_at, form) for _ in range(REPEATED)]
    answers = await asyncio.gather(*asked)
    await scene.settle()
    return {each.status for each in answers}, {await each.read() for each in answers}


async def audited(scene: Scene, kind: str) -> int:
    line = tables.audit_event
    counted = select(func.count()).select_from(line).where(line.c.kind == kind)
    async with scene.parts.desk.database.connections.reading() as transaction:
        return int(await transaction.value(counted))


@pytest.mark.attack("T16")
async def test_a_wrong_code_sent_fifty_times_at_once_costs_one_attempt(scene: Scene) -> None:
    ada = scene.person(ADA)
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()

    statuses, bodies = await key_repeatedly(scene, phone, ada.wrong_code)

    assert statuses == {200}
    assert len(bodies) == 1
    assert await audited(scene, "call.wrong_code") == 1
    assert "2 attempts left." in ada.last.text


@pytest.mark.attack("T16")
async def test_the_right_code_sent_fifty_times_at_once_verifies_once(scene: Scene) -> None:
    ada = scene.person(ADA)
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()

    statuses, bodies = await key_repeatedly(scene, phone, ada.code)

    assert statuses == {200}
    assert len(bodies) == 1
    assert await audited(scene, "call.verified") == 1
    assert sum("Phone verification: done." in each.text for each in ada.messages) == 1
