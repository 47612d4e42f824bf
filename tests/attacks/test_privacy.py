"""Secrets at rest and on every wire, and what is left of whoever wants to be forgotten."""

import hashlib
import hmac
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.settings import SettingsError, load_settings, require
from bot.telemetry.logs import LogFormat, formatter
from state.rules.codes import Peppers, derive_code
from tests.attacks.records import at_the_code, dump, session_of, written
from tests.support.chat import ADA, Conversation, Scene
from tests.support.phone import Phone
from tests.support.scenes import opened_scene

WORD = re.compile(r"\w{16,}")
PEPPER = "test:" + "ab" * 32
NUMBER = "+12025550123"
NUMBER_TABLES = {"account", "phone_number", "call_session"}
"""What the marketplace has on record, what is in use, and what was called for the limits."""


def files(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("helpdesk.db*"))


# ---------------------------------------------------------------- secrets


@pytest.mark.attack("T50")
async def test_the_code_appears_in_no_table_file_log_or_request(
    scene: Scene, ada: Conversation, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    phone = await at_the_code(ada)
    code = ada.code
    said = [(await phone.key("12345")).xml, (await phone.key(ada.wrong_code)).xml]
    await phone.key(code)

    everything = " ".join(
        (*(await dump(scene)).values(), caplog.text, json.dumps(scene.provider.orders), *said)
    )

    assert [one for one in written(code) if one in everything] == []
    assert [one for one in written(code) if one.encode() in files(tmp_path)] == []


@pytest.mark.attack("T50")
async def test_a_code_typed_into_the_chat_is_stored_in_no_table(
    scene: Scene, ada: Conversation, tmp_path: Path, database_url: str
) -> None:
    await at_the_code(ada)
    code = ada.code

    await ada.say(f"{code[:3]} {code[3:]}")
    sqlite = scene.parts.desk.database.connections.takes_one_writer
    async with scene.parts.desk.database.connections.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT", helpdesk_reads=True)
        emptied = "PRAGMA wal_checkpoint(TRUNCATE)" if sqlite else "SELECT 1"
        await connection.execute(text(emptied))

    assert [one for one in written(code) if one in str(await dump(scene))] == []
    assert [one for one in written(code) if one.encode() in files(tmp_path)] == []


@pytest.mark.attack("T50")
async def test_the_full_number_is_stored_only_where_needed(
    scene: Scene, ada: Conversation, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="bot")
    phone = await at_the_code(ada)
    said = await phone.key(ada.wrong_code)
    await phone.key(ada.code)

    holding = {name for name, rows in (await dump(scene)).items() if NUMBER[1:] in rows}

    assert holding <= NUMBER_TABLES
    assert NUMBER[1:] not in caplog.text
    assert NUMBER[1:] not in ada.text + said.xml


@pytest.mark.attack("T50")
@pytest.mark.parametrize("kind", ["console", "json"])
def test_an_error_traceback_hides_phone_numbers(kind: LogFormat) -> None:
    with pytest.raises(ValueError, match="no such number") as raised:
        int(f"no such number: {NUMBER}")
    record = logging.LogRecord("bot", logging.ERROR, "f", 1, "failed", (), None)
    record.exc_info = (raised.type, raised.value, raised.tb)

    shown = formatter(kind).format(record)

    assert "ValueError" in shown
    assert NUMBER not in shown


@pytest.mark.attack("T51")
async def test_a_call_in_progress_completes_after_a_pepper_rotation(
    database_url: str, tmp_path: Path
) -> None:
    rotated = "new:" + "cd" * 32 + "," + PEPPER
    async with opened_scene(database_url, folder=tmp_path / "one") as first:
        ada = first.person(ADA)
        phone = await at_the_code(ada)
        code, order, asked_at = ada.code, phone.order, phone.asked_at
        at = first.clock.now()

    async with opened_scene(database_url, folder=tmp_path / "two", peppers=rotated) as second:
        second.clock.moment = at
        again = Phone(door=second.door, order=order, sid=phone.sid, settle=second.settle)
        again.asked_at = asked_at
        farewell = await again.key(code)
        session = await session_of(second)

    assert farewell.words.startswith("That is right.")
    assert session.pepper_id == "test"


@pytest.mark.attack("T51")
def test_without_a_pepper_the_bot_does_not_start() -> None:
    settings = load_settings(_env_file=None, token="42:test")

    with pytest.raises(SettingsError, match="HELPDESK_PEPPERS is missing"):
        require(settings, "token", "peppers")


def guesses(seed: bytes, number: str) -> Iterator[str]:
    """What somebody might derive codes with who has the database and not the pepper."""
    for key in (b"", seed, number.encode(), b"test", bytes(32), hashlib.sha256(seed).digest()):
        padded = key.ljust(16, b"\0")
        yield derive_code(Peppers((("x", padded),)), "x", seed, number)


def digest(code: str, seed: bytes) -> tuple[str, str]:
    """How a code might be kept by somebody who thinks that a hash hides it."""
    return (
        hashlib.sha256(code.encode()).hexdigest(),
        hmac.digest(seed, code.encode(), "sha256").hex(),
    )


@pytest.mark.attack("T52")
async def test_a_stolen_database_reveals_no_code(scene: Scene, ada: Conversation) -> None:
    await at_the_code(ada)
    session = await session_of(scene)
    stolen = " ".join((await dump(scene)).values())

    kept_words = set(WORD.findall(stolen))
    hashes = (digest(f"{number:06d}", session.seed) for number in range(1_000_000))
    found = [one for pair in hashes for one in pair if one in kept_words]

    assert found == []
    assert ada.code not in set(guesses(session.seed, session.number))
