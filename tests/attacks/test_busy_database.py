"""A database that keeps the call provider waiting: the call says "one moment", and counts once."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from urllib.parse import urlsplit

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from state.model.verification import Open
from state.store import tables
from tests.attacks.records import at_the_code, kept, round_of
from tests.support.chat import Conversation, Scene
from tests.support.phone import Heard, post


@contextmanager
def sqlite_locked(file: str) -> Iterator[None]:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@asynccontextmanager
async def postgres_locked(url: str) -> AsyncIterator[None]:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    other = await asyncpg.connect(plain)
    try:
        async with other.transaction():
            await other.execute("LOCK TABLE verification_round IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        await other.close()


@asynccontextmanager
async def locked(url: str) -> AsyncIterator[None]:
    """By another process, so to speak."""
    if url.startswith("sqlite"):
        with sqlite_locked(url.partition(":///")[2]):
            yield
    else:
        async with postgres_locked(url):
            yield


@pytest.mark.attack("T25")
async def test_a_database_locked_for_six_seconds_delays_the_call_and_counts_the_code_once(
    scene: Scene, ada: Conversation, database_url: str
) -> None:
    phone = await at_the_code(ada)
    form = phone.form({"Digits": ada.wrong_code})
    async with locked(database_url):
        asked = asyncio.gather(post(scene.door, phone.asked_at, form))
        await asyncio.sleep(6)

    [answer] = await asked
    moment = Heard(xml=await answer.text())
    [address] = re.findall("<Redirect[^>]*>([^<]*)<", moment.xml)
    told = await post(scene.door, address, phone.form({}))
    heard = Heard(xml=await told.text())

    assert moment.words == "One moment, please."
    assert urlsplit(address).path.rpartition("/")[2] == phone.asked_at.rpartition("/")[2]
    assert "You have 2 attempts left." in heard.words
    found = await round_of(scene)
    assert isinstance(found, Open)
    assert len(found.wrong_at) == 1
    assert len(await kept(scene, tables.call_turn)) == 3
