"""The bots, each in a process of its own (or several): started once, asleep when not measured."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import psutil

ROOT = Path(__file__).resolve().parent.parent.parent
LATEST = 60.0
"""Seconds that a bot gets to start."""
HEADER = "X-Telegram-Bot-Api-Secret-Token: secret\r\n"


@dataclass(slots=True, kw_only=True)
class Contender:
    name: str
    ports: list[int]
    processes: list[asyncio.subprocess.Process] = field(default_factory=list)

    def sleep(self) -> None:
        """So that what it does on its own takes nothing from the others."""
        for process in self.processes:
            process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        for process in self.processes:
            process.send_signal(signal.SIGCONT)

    def cpu(self) -> float:
        """Seconds that its processes have used."""
        times = [each.cpu_times() for each in self._seen()]
        return sum(one.user + one.system for one in times)

    def memory(self) -> int:
        """Bytes that its processes hold."""
        return sum(each.memory_info().rss for each in self._seen())

    def _seen(self) -> list[psutil.Process]:
        return [psutil.Process(each.pid) for each in self.processes]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def rival(name: str, script: str, api: str, folder: Path) -> AsyncIterator[Contender]:
    port = free_port()
    path = ROOT / "benchmarks/rivals" / script
    environment = {"PYTHONPATH": str(ROOT / "benchmarks"), "PATH": os.defpath}
    command = Command([str(path), str(port), api, str(folder)], environment, port)
    async with _running(name, [command], folder) as contender:
        yield contender


@asynccontextmanager
async def ours(
    name: str, url: str, api: str, folder: Path, *, processes: int = 1, **settings: str
) -> AsyncIterator[Contender]:
    """With other `settings` than all contenders share, by the names of their variables."""
    commands = [_desk(url, api, folder, free_port(), settings) for _ in range(processes)]
    async with _running(name, commands, folder) as contender:
        yield contender


def _desk(url: str, api: str, folder: Path, port: int, settings: Mapping[str, str]) -> "Command":
    environment = {
        "PYTHONPATH": str(ROOT),
        "PATH": os.defpath,
        "HOME": str(folder),
        "HELPDESK_TOKEN": "7000000001:test",
        "HELPDESK_TELEGRAM_API": api,
        "HELPDESK_DATABASE_URL": url,
        "HELPDESK_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "HELPDESK_PORT": str(port),
        "HELPDESK_WEBHOOK_SECRET": "secret",
        "HELPDESK_PEPPERS": "bench:" + "ab" * 32,
        "HELPDESK_ANSWERS": "words",
        "HELPDESK_SEND_RATE": "0",
        "HELPDESK_SEND_RATE_CHAT": "0",
        "HELPDESK_READ_RATE": "0",
        "HELPDESK_READ_RATE_PERSON": "0",
        "HELPDESK_REPLY_DELAY": "0",
        "HELPDESK_LOG_LEVEL": "WARNING",
        **settings,
    }
    return Command(["-m", "bot", "run"], environment, port)


@dataclass(frozen=True, slots=True)
class Command:
    arguments: list[str]
    environment: Mapping[str, str]
    port: int


@asynccontextmanager
async def _running(
    name: str, commands: Sequence[Command], folder: Path
) -> AsyncIterator[Contender]:
    contender = Contender(name=name, ports=[each.port for each in commands])
    async with AsyncExitStack() as stack:
        for command in commands:
            process = await _started(command, folder)
            stack.push_async_callback(_ended, process)
            contender.processes.append(process)
        for process, port in zip(contender.processes, contender.ports, strict=True):
            await _reachable(process, port, folder)
        yield contender


async def _started(command: Command, folder: Path) -> asyncio.subprocess.Process:
    with (folder / "bot.log").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, *command.arguments),
            cwd=folder,
            env=command.environment,
            stdout=log,
            stderr=log,
        )


async def _ended(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGCONT)
        process.terminate()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 15)
            return
        process.kill()
        await process.wait()


async def _reachable(process: asyncio.subprocess.Process, port: int, folder: Path) -> None:
    until = perf_counter() + LATEST
    while perf_counter() < until and process.returncode is None:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.05)
    told = (folder / "bot.log").read_text(encoding="utf-8")
    raise RuntimeError(f"a bot does not start: {told or 'and says nothing'}")
