"""`helpdesk db`: the database and its tables."""

from bot.config import Settings
from bot.desk import open_desk


async def upgrade_database(settings: Settings) -> None:
    """Opening the desk brings the tables up to date; a newer database is refused."""
    async with open_desk(settings) as desk:
        await desk.database.ping()
