"""`helpdesk db`: the database and its tables."""

from pathlib import Path

from bot.context import make_copy, open_desk, put_back
from bot.settings import Settings


async def upgrade_database(settings: Settings) -> None:
    """Opening the desk brings the tables up to date; a newer database is refused."""
    async with open_desk(settings) as desk:
        await desk.database.ping()


async def back_up(settings: Settings, file: Path) -> str:
    await make_copy(settings, file)
    return f"Copied to {file}. Keep it as safe as the desk: it holds what people are known by."


async def restore(settings: Settings, file: Path) -> str:
    kept = await put_back(settings, file)
    before = f" What was there before is kept in {kept}." if kept else ""
    return (
        f"Restored from {file}.{before} "
        "People who were erased since it was made have to be erased again."
    )
