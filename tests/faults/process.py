"""The bot as the operating system sees it: started, killed, told to stop."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from tests.architecture.source import ROOT

FORK_SERVER = Path(__file__).with_name("fork_server.py")
LOG = "bot.log"


class Process(Protocol):
    """One bot at a time; the next may start when the last has ended."""

    async def start(self) -> None: ...

    def signal(self, number: signal.Signals) -> None: ...

    async def ended(self) -> int:
        """The exit code, negative for a signal."""
        ...


Start: TypeAlias = Callable[[Mapping[str, object], Path], AbstractAsyncContextManager[Process]]
"""(settings, a folder to run in) → a process that can be started."""


@dataclass(slots=True)
class WarmProcess:
    """Out of the fork_server: up in a fraction of a second."""

    fork_server: asyncio.subprocess.Process
    pid: int = 0

    async def start(self) -> None:
        assert self.fork_server.stdin is not None
        self.fork_server.stdin.write(b"\n")
        await self.fork_server.stdin.drain()
        self.pid = await self.told()

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    async def ended(self) -> int:
        return await self.told()

    async def told(self) -> int:
        """The next number that the fork_server tells."""
        assert self.fork_server.stdout is not None
        return int(await self.fork_server.stdout.readline())


@dataclass(slots=True)
class ColdProcess:
    """`python -m bot run`, as it is typed."""

    environment: Mapping[str, str]
    folder: Path
    bot: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        with (self.folder / LOG).open("ab") as log:
            self.bot = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def signal(self, number: signal.Signals) -> None:
        assert self.bot is not None
        self.bot.send_signal(number)

    async def ended(self) -> int:
        assert self.bot is not None
        return await self.bot.wait()


def environment(settings: Mapping[str, object]) -> dict[str, str]:
    """Nothing of the machine's own settings reaches the bot."""
    named = {f"HELPDESK_{name.upper()}": str(value) for name, value in settings.items()}
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **named}


@asynccontextmanager
async def fork_server(settings: Mapping[str, object], folder: Path) -> AsyncIterator[WarmProcess]:
    with (folder / LOG).open("ab") as log:
        started = await asyncio.create_subprocess_exec(
            *(sys.executable, str(FORK_SERVER)),
            cwd=folder,
            env=environment(settings),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    try:
        process = WarmProcess(started)
        assert await process.told() == started.pid
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        await started.wait()


@asynccontextmanager
async def cold(settings: Mapping[str, object], folder: Path) -> AsyncIterator[ColdProcess]:
    process = ColdProcess(environment(settings), folder)
    try:
        yield process
    finally:
        if process.bot is not None and process.bot.returncode is None:
            process.bot.kill()
            await process.bot.wait()
