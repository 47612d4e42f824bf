"""Tells answers that never end by themselves that the desk is about to stop."""

import asyncio

from aiohttp import web

CLOSING: web.AppKey[asyncio.Event] = web.AppKey("closing", asyncio.Event)


def watch(app: web.Application) -> None:
    app[CLOSING] = asyncio.Event()
    app.on_shutdown.append(_close)


async def _close(app: web.Application) -> None:
    app[CLOSING].set()
