import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.cli.errors import innermost
from bot.cli.serve import serve
from bot.settings import Settings, load_settings
from tests.architecture.source import ROOT
from tests.bot.cli.terminal import ME, PEPPERS, REFUSED, TOKEN, Terminal, telegram

ENOUGH = {"token": TOKEN, "peppers": PEPPERS}
WEBHOOK = {"public_url": "https://desk.example", "webhook_secret": "s-1"}


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, "TOKEN"),
        ({"token": TOKEN}, "PEPPERS"),
        ({**ENOUGH, "public_url": "https://desk.example"}, "WEBHOOK_SECRET"),
        ({**ENOUGH, "voice": "twilio"}, "PUBLIC_URL"),
        ({**ENOUGH, **WEBHOOK, "voice": "twilio"}, "TWILIO_ACCOUNT_SID"),
    ],
)
def test_missing_settings_are_named_and_nothing_is_created(
    bare: Terminal, given: dict[str, str], missing: str
) -> None:
    ended = bare.run("run", **given)

    assert (ended.code, ended.out) == (2, "")
    assert len(ended.complaints) == 1
    assert ended.err.startswith(f"helpdesk: HELPDESK_{missing} is missing: set it to ")
    assert list(bare.folder.iterdir()) == []


def test_a_token_refused_by_telegram_is_reported(terminal: Terminal) -> None:
    with telegram(REFUSED) as url:
        ended = terminal.run("run", **ENOUGH, telegram_api=url)

    assert ended.code == 2
    assert ended.complaints == [
        "helpdesk: HELPDESK_TOKEN is refused by Telegram: copy it again from @BotFather."
    ]


def test_a_port_in_use_is_reported(terminal: Terminal) -> None:
    with telegram(ME) as url, socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = terminal.run("run", **ENOUGH, **WEBHOOK, port=port, telegram_api=url)

    assert (ended.code, ended.out) == (2, "")
    assert len(ended.complaints) == 1
    assert ended.err.startswith(f"helpdesk: port {port} on 127.0.0.1 can't be used (")
    assert ended.err.endswith("or choose another with HELPDESK_PORT.\n")


def test_a_port_in_use_by_the_demo_is_reported(bare: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = bare.run("demo", "--port", port)

    assert (ended.code, ended.out) == (2, "")
    assert ended.complaints == [f"helpdesk: Port {port} is in use; choose another with --port."]


def soon(name: signal.Signals) -> None:
    asyncio.get_running_loop().call_soon(os.kill, os.getpid(), name)


every_way_to_stop = pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])


@every_way_to_stop
async def test_a_running_bot_shuts_down_cleanly_on_a_signal(name: signal.Signals) -> None:
    events: list[str] = []

    @asynccontextmanager
    async def bot(_: Settings) -> AsyncIterator[None]:
        soon(name)
        yield
        events.append("left")

    await serve(load_settings(), bot=bot)

    assert events == ["left"]


@every_way_to_stop
async def test_a_second_signal_kills_the_process_and_the_former_handlers_are_restored(
    name: signal.Signals,
) -> None:
    handlers: list[object] = []
    before = signal.getsignal(name)

    @asynccontextmanager
    async def bot(_: Settings) -> AsyncIterator[None]:
        soon(name)
        yield
        handlers.append(signal.getsignal(name))

    await serve(load_settings(), bot=bot)

    assert handlers == [signal.SIG_DFL]
    assert signal.getsignal(name) == before


@every_way_to_stop
async def test_a_bot_waiting_for_telegram_can_be_stopped(name: signal.Signals) -> None:
    @asynccontextmanager
    async def bot(_: Settings) -> AsyncIterator[None]:
        soon(name)
        await asyncio.Event().wait()
        yield

    await asyncio.wait_for(serve(load_settings(), bot=bot), 5)


AS_PROCESS_1 = ("unshare", "--map-root-user", "--pid", "--fork", "--kill-child")
can_be_process_1 = pytest.mark.skipif(
    shutil.which("unshare") is None or subprocess.call([*AS_PROCESS_1, "true"]) != 0,
    reason="no process namespaces here",
)


@can_be_process_1
@pytest.mark.parametrize("loaded", ["pydantic_core", "aiohttp", "sqlite3"])
def test_the_first_process_of_a_container_can_be_stopped_while_starting(
    terminal: Terminal, loaded: str
) -> None:
    """Telegram's port takes connections and never answers, so the start never ends."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        given = {f"HELPDESK_{name.upper()}": value for name, value in ENOUGH.items()}
        started = subprocess.Popen(
            [*AS_PROCESS_1, sys.executable, "-m", "bot", "run"],
            cwd=terminal.folder,
            env={**os.environ, **given, "HELPDESK_TELEGRAM_API": url, "PYTHONPATH": str(ROOT)},
        )
        try:
            first = child_of(started.pid)
            wait_until_loaded(first, loaded)
            os.kill(first, signal.SIGTERM)

            assert started.wait(timeout=20) in {0, 128 + signal.SIGTERM}
        finally:
            started.kill()


def child_of(process: int) -> int:
    children = Path(f"/proc/{process}/task/{process}/children")
    while not (found := children.read_text(encoding="ascii").split()):
        time.sleep(0.01)
    return int(found[0])


def wait_until_loaded(process: int, library: str) -> None:
    """Wait until the process has imported a part of this library that is compiled."""
    loaded = Path(f"/proc/{process}/maps")
    while library not in loaded.read_text(encoding="utf-8"):
        time.sleep(0.01)


async def test_a_crash_of_the_bot_ends_the_command() -> None:
    @asynccontextmanager
    async def bot(_: Settings) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as background:
            background.create_task(broken())
            yield

    async def broken() -> None:
        raise OSError("the disk is full")

    with pytest.raises(ExceptionGroup) as ended:
        await serve(load_settings(), bot=bot)

    assert str(innermost(ended.value)) == "the disk is full"
