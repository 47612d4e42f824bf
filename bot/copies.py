"""Copies of the desk's database: made while it runs, put back while it doesn't."""

import asyncio
from pathlib import Path

from bot.config import Settings, SettingsError
from bot.desk import open_desk
from state.store import backup, dump
from state.store.engine import open_database
from state.store.errors import StoreError
from state.store.watching import other_processes


async def make_copy(settings: Settings, to: Path) -> None:
    """SettingsError says why there is none."""
    try:
        database = open_database(settings.database_url)
        url = database.connections.engine.url
        if database.is_shared:
            await asyncio.to_thread(dump.dump, url, to)
        else:
            await asyncio.to_thread(backup.back_up, Path(str(url.database)), to)
    except StoreError as error:
        raise SettingsError(f"no copy was made: {error}.") from None


async def put_back(settings: Settings, copy: Path) -> Path | None:
    """Brought up to date as well. Gives where the file is kept that it took the place of.

    SettingsError says why nothing was changed.
    """
    try:
        kept = await _put_back(settings, copy)
    except StoreError as error:
        raise SettingsError(f"nothing was restored: {error}.") from None
    async with open_desk(settings):
        return kept


async def _put_back(settings: Settings, copy: Path) -> Path | None:
    database = open_database(settings.database_url)
    url = database.connections.engine.url
    try:
        if not database.is_shared:
            return await asyncio.to_thread(backup.restore, Path(str(url.database)), copy)
        if running := await other_processes(database):
            raise SettingsError(f"{running} processes run on this database: stop them first.")
    finally:
        await database.close()
    await asyncio.to_thread(dump.load, url, copy)
    return None
