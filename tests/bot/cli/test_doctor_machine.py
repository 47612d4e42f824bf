"""What the doctor says of the machine, and of the call provider's account."""

from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.cli.doctor import calls as provider
from bot.cli.doctor import machine
from bot.settings import Settings, load_settings
from tests.bot.gateways.provider_desk import wire_settings
from tests.support.scenes import settings_for
from tests.support.sip.line import SipWire

LITTLE, HUGE = 0, 2**62


def mounts(folder: Path, kind: str) -> Path:
    file = folder / "mounts"
    file.write_text(
        f"overlay / overlay rw 0 0\nhost {folder} {kind} rw 0 0\nx /proc proc rw 0 0\n"
    )
    return file


def on(folder: Path, **more: Any) -> Settings:
    url = f"sqlite+aiosqlite:///{folder / 'helpdesk.db'}"
    return load_settings(_env_file=None, database_url=url, **more)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("ext4", "ok      disk: the database is on ext4"),
        ("nfs4", "wrong   disk: {} is on nfs4, where locks of files don't hold; put the database"),
        ("fuse.sshfs", "wrong   disk: {} is on fuse.sshfs, where locks of files don't hold"),
        ("tmpfs", "ok      disk: {} is on tmpfs: all of it is gone when the machine stops"),
    ],
)
def test_the_file_system_of_the_database_is_reported(tmp_path: Path, kind: str, said: str) -> None:
    found = list(machine.lines(on(tmp_path), mounts(tmp_path, kind)))

    assert found[0].startswith(said.format(tmp_path))


def test_without_a_list_of_mounts_the_check_passes(tmp_path: Path) -> None:
    found = list(machine.lines(on(tmp_path), tmp_path / "none"))

    assert found[0] == "ok      disk: the database is on a disk of its machine"


@pytest.mark.parametrize(
    ("little", "said"), [(0, "ok      room: "), (HUGE, "wrong   room: only ")]
)
def test_free_disk_space_is_reported(tmp_path: Path, little: int, said: str) -> None:
    found = list(machine.lines(on(tmp_path), little=little))

    assert found[1].startswith(said)


@pytest.mark.parametrize(
    "url", ["postgresql+asyncpg://me:hush@db/desk", "no address", "sqlite+aiosqlite:///none/x.db"]
)
def test_free_disk_space_is_not_checked_for_postgresql(url: str) -> None:
    found = list(machine.lines(load_settings(_env_file=None, database_url=url)))

    assert found == ["ok      health and metrics: off, since HELPDESK_INTERNAL_PORT is not set"]


def test_the_address_of_health_and_metrics_is_reported(tmp_path: Path) -> None:
    found = list(machine.lines(on(tmp_path, internal_port=9464)))

    assert found[-1] == "ok      health and metrics: at 127.0.0.1:9464 while the bot runs"


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, {"status": "active"}, "ok      calls: by Twilio, to US, GB, GG, DE"),
        (200, {"status": "suspended"}, "wrong   calls: the account is suspended: see Twilio's"),
        (401, {"code": 20003}, "wrong   calls: Twilio refuses HELPDESK_TWILIO_ACCOUNT_SID"),
        (503, {}, "wrong   calls: the provider says nothing of the account: can it be"),
        (200, "hello", "wrong   calls: the provider says nothing of the account"),
    ],
)
async def test_the_call_providers_answer_about_the_account_is_reported(
    status: int, body: object, said: str
) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.json_response(body, status=status)

    app = web.Application()
    app.router.add_get("/2010-04-01/Accounts/{sid}.json", answer)
    async with TestServer(app) as server:
        url = f"http://127.0.0.1:{server.port}"
        found = await provider.line(settings_for("sqlite+aiosqlite:///x.db", twilio_api=url))

    assert found.replace(url, "the provider").startswith(said)


async def test_an_unreachable_call_provider_is_reported() -> None:
    async with TestServer(web.Application()) as server:
        url = f"http://127.0.0.1:{server.port}"

    found = await provider.line(settings_for("sqlite+aiosqlite:///x.db", twilio_api=url))

    assert found == f"wrong   calls: {url} says nothing of the account: can it be reached?"


async def test_switched_off_calls_are_reported() -> None:
    assert await provider.line(load_settings(_env_file=None)) == (
        "ok      calls: off, since HELPDESK_VOICE is none"
    )


async def test_an_unknown_call_provider_is_named() -> None:
    found = await provider.line(settings_for("sqlite+aiosqlite:///x.db", voice="sms"))

    assert found == "wrong   calls: HELPDESK_VOICE is wrong: it should be none or twilio."


async def test_a_call_provider_without_an_account_check_passes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wire = SipWire()
    settings = settings_for("sqlite+aiosqlite:///x.db", voice="sip")
    missing = await provider.line(settings, wire.providers)
    settings = settings_for(
        "sqlite+aiosqlite:///x.db", **wire_settings(wire, "http://x", monkeypatch)
    )

    assert missing == (
        "missing HELPDESK_SIP_URL: set it to the provider's base URL. "
        "Without it no calls are placed."
    )
    assert await provider.line(settings, wire.providers) == (
        "ok      calls: by Sip, to US, GB, GG, DE"
    )
