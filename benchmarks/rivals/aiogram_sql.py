"""The same with SQLAlchemy and SQLite: each update reads the person's row and writes one."""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, User
from aiohttp import web
from rivals.bare_aiogram import application
from sqlalchemy import event
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """The two tables."""


class Person(Base):
    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    language: Mapped[str | None]


class Event(Base):
    __tablename__ = "event"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[str]


class PersonMiddleware(BaseMiddleware):
    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        user: User = data["event_from_user"]
        async with self._sessions() as session:
            person = await session.get(Person, user.id)
            if person is None:
                session.add(Person(id=user.id, name=user.first_name, language=user.language_code))
            session.add(Event(person_id=user.id, kind=type(event).__name__))
            await session.commit()
        return await handler(event, data)


def engine(file: Path) -> AsyncEngine:
    """One connection, so that nobody meets "database is locked"; as durable as ours."""
    made = create_async_engine(f"sqlite+aiosqlite:///{file}", pool_size=1, max_overflow=0)
    event.listen(made.sync_engine, "connect", _prepare)
    return made


def _prepare(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def main() -> None:
    app, dispatcher = application(sys.argv[2])
    made = engine(Path(sys.argv[3]) / "rival.db")
    dispatcher.update.outer_middleware(
        PersonMiddleware(async_sessionmaker(made, expire_on_commit=False))
    )

    async def prepare(_: web.Application) -> None:
        async with made.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)

    app.on_startup.append(prepare)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)


if __name__ == "__main__":
    main()
