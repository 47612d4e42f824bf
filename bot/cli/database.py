"""`helpdesk db`: migrate, back up and restore the database."""

from pathlib import Path

from bot.context import make_copy, open_desk, restore_copy
from bot.settings import Settings


async def upgrade_database(settings: Settings) -> None:
    """Migrate the database to this version; SettingsError if a newer version made it."""
    async with open_desk(settings) as desk:
        await desk.database.ping()


async def back_up(settings: Settings, file: Path) -> str:
    """Write a backup to `file`; returns the message to print."""
    await make_copy(settings, file)
    return f"Copied to {file}. Keep it as safe as the desk: it holds what people are known by."


async def restore(settings: Settings, file: Path) -> str:
    """Restore the database from `file`; returns the message to print."""
    kept = await restore_copy(settings, file)
    before = f" What was there before is kept in {kept}." if kept else ""
    return (
        f"Restored from {file}.{before} "
        "People who were erased since it was made have to be erased again."
    )
