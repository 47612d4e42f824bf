"""A private PostgreSQL server, which a test may stop and start."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.demo.wiring import free_port
from tests.support.databases import NO_POSTGRES, migrated

OWNER = "postgres"
"""User to run the server as: PostgreSQL refuses to run as root."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    programs: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql+asyncpg://{OWNER}@127.0.0.1:{self.port}/postgres"

    async def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        await self._control("start", "-o", options, "-l", str(self.folder / "log"))

    async def stop(self, mode: str = "fast") -> None:
        """Stop the server; `fast` closes all sessions, `immediate` simulates a crash."""
        await self._control("stop", "-m", mode)

    async def _control(self, what: str, *more: str) -> None:
        data = str(self.folder / "data")
        await self.run("pg_ctl", what, "-w", "-t", "60", "-D", data, "-s", *more)

    async def run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", OWNER, "--", *command]
        process = await asyncio.create_subprocess_exec(
            *command, cwd=self.folder, stdout=subprocess.DEVNULL
        )
        assert await process.wait() == 0, command


@asynccontextmanager
async def private_postgres() -> AsyncIterator[Cluster]:
    """A running server with all tables. Without PostgreSQL: skips, or fails in CI."""
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-postgres-"))
    cluster = Cluster(programs=_programs(), folder=folder, port=free_port())
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, OWNER)
        make = ("-D", str(folder / "data"), "-U", OWNER, "-A", "trust", "--no-sync")
        await cluster.run("initdb", *make)
        await cluster.start()
        try:
            await migrated(cluster.url)
            yield cluster
        finally:
            await cluster.stop("immediate")
    finally:
        shutil.rmtree(folder)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    if named is None:
        refuse = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        refuse(f"{NO_POSTGRES}: no initdb to make one with")
    return Path(named).parent
