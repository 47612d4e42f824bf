"""Data that a person leaves in the desk, and a search for what remains of it."""

from pathlib import Path

from sqlalchemy import select

from state.store.tables import metadata
from tests.support.chat import Conversation, Scene

NAME = "Adalheidis"
NUMBER = "+12025550123"
EDITED = "+12025550178"
WORDS = "Schnabeltier"
PUZZLE = "Wolpertinger"
TALKED = "Kolkrabe"
QUESTION = f"my {WORDS} ate the tagline, what now?"


async def everything_kept(scene: Scene, folder: Path) -> str:
    """All rows of all tables; for SQLite also the raw files, free pages and log included."""
    raw = files_in(folder)
    async with scene.parts.desk.database.connections.reading() as transaction:
        rows = [
            str(row._asdict())
            for table in metadata.sorted_tables
            for row in await transaction.all(select(table))
        ]
    return raw + "\n".join(rows)


def files_in(folder: Path) -> str:
    files = folder.glob("helpdesk.db*")
    return "".join(file.read_bytes().decode("utf-8", "replace") for file in files)


async def live_a_little(scene: Scene, ada: Conversation) -> None:
    """Use enough features that every table holds data of Ada.

    This includes an update that cannot be parsed, which is stored for inspection.
    """
    await scene.receive({"message": {"chat": {"id": ada.chat}, "text": f"{WORDS}, {PUZZLE}"}})
    await ada.link(display_name=NAME, timezone="Europe/Berlin")
    await ada.say("/connects")
    await ada.press("Remind me once a week")
    await ada.press("Yes, once a week")
    await ada.say(QUESTION)
    phone = await ada.be_called()
    await phone.to_code_step()
    await phone.key(ada.wrong_code)
    await phone.report("completed")
    await scene.wait(seconds=5)
    await ada.press("Use another number")
    await ada.say(EDITED)
    await ada.say("/human")
    await ada.say(f"a {TALKED} took my profile")
    await ada.say("/bot")
    await scene.wait(minutes=2)


async def forget(ada: Conversation) -> None:
    await ada.say("/forget")
    await ada.press("Yes, erase everything")


def found_in(kept: str, ada: Conversation) -> list[str]:
    return [fact for fact in facts_of(ada) if fact in kept]


def facts_of(ada: Conversation) -> list[str]:
    chat = (f"chat:{ada.chat}", f"'chat_id': {ada.chat},")
    return [NAME, NUMBER, EDITED, WORDS, PUZZLE, TALKED, "f-1001", "Europe/Berlin", *chat]
