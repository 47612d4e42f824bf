"""A database of the desk as it is after a while: people with accounts, and turns that are over."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table

from state.model.account import Account, FreelancerId, ItemId, PlanId
from state.store import tables
from state.store.repositories.accounts import account_row
from tests.support.databases import opened

FIRST_CHAT = 10_000
AT_ONCE = 20_000
EVERY_FOURTH = 4
"""Of the past turns one in four was a question, and one in four a command without an account."""
UPDATE_IDS = -2_000_000_000
"""Far below those of the updates to come."""


async def people(url: str, number: int, now: datetime) -> None:
    """So many chats, each linked to an account of its own."""
    await _fill(url, tables.account, (account_row(_account(n, now)) for n in range(number)))
    chats = (
        {
            "id": FIRST_CHAT + n,
            "freelancer_id": f"f-{n}",
            "linked_at": now,
            "awaiting": "nothing",
        }
        for n in range(number)
    )
    await _fill(url, tables.chat, chats)


async def past_turns(url: str, number: int, chats: int, now: datetime) -> None:
    """Handled and answered in the last half day, so that nothing is swept yet."""
    step = timedelta(hours=12) / number
    moments = [now - timedelta(hours=12) + step * n for n in range(number)]
    await _fill(url, tables.inbox, (_update(n, chats, at) for n, at in enumerate(moments)))
    await _fill(url, tables.outbox, (_reply(n, chats, at) for n, at in enumerate(moments)))
    asked = range(0, number, EVERY_FOURTH)
    await _fill(url, tables.question, (_question(n, chats, moments[n]) for n in asked))


def _account(number: int, now: datetime) -> Account:
    return Account(
        id=FreelancerId(f"f-{number}"),
        as_of=now,
        plan=PlanId("basic"),
        display_name="Ada",
        language="en",
        profile={ItemId("photo"): True, ItemId("overview"): False},
        completeness=72.0,
        quick_actions={},
    )


def _update(number: int, chats: int, at: datetime) -> dict[str, Any]:
    return {
        "update_id": UPDATE_IDS + number,
        "lane": f"chat:{FIRST_CHAT + number % chats}",
        "received_at": at,
        "state": "done",
        "tries": 0,
        "done_at": at,
    }


def _reply(number: int, chats: int, at: datetime) -> dict[str, Any]:
    return {
        "queue": "chats",
        "lane": f"chat:{FIRST_CHAT + number % chats}",
        "key": f"update:{UPDATE_IDS + number}:0",
        "kind": "send_reply",
        "due_at": at,
        "state": "done",
        "tries": 0,
        "done_at": at,
    }


def _question(number: int, chats: int, at: datetime) -> dict[str, Any]:
    return {
        "chat_id": FIRST_CHAT + number % chats,
        "message_id": number + 1,
        "place": 0,
        "language": "en",
        "words": "how do I get more connects this month",
        "outcome": "found",
        "slug": "verify-phone-number",
        "score": 0.9,
        "asked_at": at,
    }


async def _fill(url: str, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    def insert(connection: Connection, some: tuple[dict[str, Any], ...]) -> None:
        connection.execute(table.insert(), some)

    async with opened(url) as database:
        for some in _batches(rows):
            async with database.connections.engine.begin() as connection:
                await connection.run_sync(insert, some)


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], ...]]:
    left = iter(rows)
    while some := tuple(islice(left, AT_ONCE)):
        yield some
