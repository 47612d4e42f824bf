"""Listens on a port, with connection limits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from aiohttp import web

from bot.web.connections import Connection, ConnectionLimits, OpenConnections
from bot.web.open_files import raise_limit
from bot.web.proxies import Proxies


@asynccontextmanager
async def open_port(
    app: web.Application,
    host: str,
    port: int,
    *,
    proxies: Proxies,
    limits: ConnectionLimits | None = None,
    shutdown_timeout: float = 5,
) -> AsyncIterator[None]:
    """Serve the application while the context is open; OSError if the port can't be opened.

    Without `limits`, as many connections as the limit of open files allows.
    """
    room = raise_limit()
    crowd = OpenConnections(limits or replace(ConnectionLimits(), total=room.connections), proxies)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=shutdown_timeout)
    await runner.setup()
    try:
        manager = runner.server
        if manager is None:
            raise RuntimeError("the application was not set up")
        server = await asyncio.get_running_loop().create_server(
            lambda: Connection(manager, crowd), host, port, backlog=room.queue, reuse_address=True
        )
        try:
            yield
        finally:
            server.close()
    finally:
        await runner.cleanup()
