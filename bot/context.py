"""The desk without Telegram: policy, database, clock and use cases, shared by bot and CLI."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypedDict

from bot.articles.marketplace import load_policy
from bot.gateways.clock import SystemClock
from bot.gateways.randomness import SystemDice
from bot.settings import Settings, SettingsError
from state.model.work import Queue
from state.policy import Policy
from state.ports import Clock, Dice, Loss, Read, ReadUnit, Transact, UnitOfWork
from state.rules.codes import Peppers
from state.rules.office_hours import Office
from state.rules.phone_number import CallableNumbers
from state.store.admin import backup
from state.store.admin.health import other_processes
from state.store.admin.revision import REVISIONS, check_revision
from state.store.admin.suitability import check_encoding, check_may_create
from state.store.database import Database, open_database
from state.store.sql.connections import parsed_url
from state.store.sql.errors import DatabaseTooOldError, StoreError
from state.store.sql.postgres_address import PostgresAddress, postgres_address
from state.usecases.registry import Queries, Records, UseCases
from state.usecases.staff.members import Roster


class Shared(TypedDict):
    """Arguments that `UseCases` and `Queries` take besides the unit of work."""

    policy: Policy
    clock: Clock
    dice: Dice
    peppers: Peppers | None
    callable_numbers: CallableNumbers
    office: Office | None
    hand_over_limit: int
    roster: Roster
    can_pull: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Policy, database and settings of one installation, and factories of its use cases."""

    settings: Settings
    policy: Policy
    database: Database
    clock: Clock
    dice: Dice
    peppers: Peppers | None
    callable_numbers: CallableNumbers

    def use_cases(self, unit: UnitOfWork) -> UseCases:
        """The use cases, bound to a read-write unit of work."""
        return UseCases(unit=unit, **self._shared)

    def queries(self, unit: ReadUnit) -> Queries:
        """The read-only use cases, bound to a read unit."""
        return Queries(unit=unit, **self._shared)

    @property
    def records(self) -> Records:
        """The use cases, run each in a transaction of its own."""
        return self._records(self.database.transact, self.database.read)

    @property
    def heavy_records(self) -> Records:
        """As `records`, for what reads or deletes much: on SQLite in a thread of its own."""
        return self._records(
            partial(self.database.transact, heavy=True), partial(self.database.read, heavy=True)
        )

    def _records(self, transact: Transact, read: Read) -> Records:
        return Records(
            transact=transact, read=read, make_use_cases=self.use_cases, make_queries=self.queries
        )

    @property
    def _shared(self) -> Shared:
        return Shared(
            policy=self.policy,
            clock=self.clock,
            dice=self.dice,
            peppers=self.peppers,
            callable_numbers=self.callable_numbers,
            office=self.settings.office,
            hand_over_limit=self.settings.hand_overs,
            roster=self.settings.staff,
            can_pull=self.settings.platform_url is not None,
        )


@asynccontextmanager
async def open_desk(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[Desk]:
    """Open the desk and migrate its database; SettingsError if the database can't be used.

    `clock` replaces the system clock, in tests and in the demo.
    """
    policy = load_policy(settings)
    keys = settings.pepper_keys()
    peppers = Peppers(tuple(keys.items())) if keys else None
    async with _open_database(settings, peppers) as database:
        if clock is None:
            clock = await _clock(database)
        yield Desk(
            settings=settings,
            policy=policy,
            database=database,
            clock=clock,
            dice=SystemDice(),
            peppers=peppers,
            callable_numbers=_callable_numbers(settings),
        )


async def _clock(database: Database) -> SystemClock:
    """The system clock, never earlier than the newest record in the database.

    So a machine clock that was set back can't place recorded events in the future.
    """
    clock = SystemClock()
    newest = await database.latest_event_at()
    if newest is not None:
        clock.not_before(newest)
    return clock


def _callable_numbers(settings: Settings) -> CallableNumbers:
    own = frozenset({settings.twilio_from} if settings.twilio_from else ())
    regions = frozenset(settings.call_regions)
    return CallableNumbers(regions=regions, voip=settings.call_voip, own_numbers=own)


@asynccontextmanager
async def _open_database(settings: Settings, peppers: Peppers | None) -> AsyncIterator[Database]:
    with _naming_the_setting():
        database = open_database(settings.database_url)
    try:
        with _naming_the_setting():
            await _bring_up_to_date(database, peppers)
        yield database
    finally:
        await database.close()


@dataclass(frozen=True, slots=True)
class Looked:
    """Result of `database_report`."""

    words: str
    lost: Sequence[Loss] = ()
    """Events for the marketplace whose delivery was given up."""


async def database_report(settings: Settings) -> Looked:
    """Report the state of the database without changing or migrating it.

    SettingsError if it can't be reached, or if a newer version made it.
    """
    with _naming_the_setting():
        database = open_database(settings.database_url)
        try:
            if not database.exists:
                return Looked("there is none yet; helpdesk run makes it")
            await check_encoding(database)
            await check_revision(database)
            lost = await database.outbox_queue.losses(Queue.EVENTS)
        except DatabaseTooOldError:
            await check_may_create(database)
            return Looked("reachable, without this version's tables; helpdesk run makes them")
        finally:
            await database.close()
    return Looked(f"reachable and up to date, revision {REVISIONS[-1]}", lost)


@contextmanager
def only_process(database: Database) -> Iterator[None]:
    """Lock the SQLite file for this process while the context is open; no lock for PostgreSQL.

    SettingsError if another process runs on the file.
    """
    with ExitStack() as stack:
        with _naming_the_setting():
            stack.enter_context(database.process_lock())
        yield


@contextmanager
def _naming_the_setting() -> Iterator[None]:
    """Turn a StoreError into a SettingsError that names HELPDESK_DATABASE_URL."""
    try:
        yield
    except StoreError as error:
        raise SettingsError(f"HELPDESK_DATABASE_URL: {error}.") from None


async def _bring_up_to_date(database: Database, peppers: Peppers | None) -> None:
    """Migrate the database if its revision is old; otherwise only read the revision."""
    await check_encoding(database)
    try:
        await check_revision(database)
    except DatabaseTooOldError:
        from state.store.admin.migrate import upgrade  # noqa: PLC0415 - Alembic costs a third of a start

        await check_may_create(database)
        await upgrade(database, pepper=None if peppers is None else peppers.oldest)


async def make_copy(settings: Settings, to: Path) -> None:
    """Write a backup of the database to the file `to`. SettingsError if that fails."""
    try:
        database = open_database(settings.database_url)
        try:
            await _back_up(database, settings, to)
        finally:
            await database.close()
    except StoreError as error:
        raise SettingsError(f"no copy was made: {error}.") from None


async def _back_up(database: Database, settings: Settings, to: Path) -> None:
    if database.is_shared:
        await asyncio.to_thread(backup.dump, _address(settings), to)
    else:
        file = Path(str(database.connections.engine.url.database))
        await asyncio.to_thread(backup.back_up, file, to)


async def restore_copy(settings: Settings, copy: Path) -> Path | None:
    """Restore the database from a backup, then migrate it to this version.

    Returns the path under which the replaced SQLite file is kept, None for PostgreSQL.
    SettingsError if nothing was changed.
    """
    try:
        kept = await _restore_copy(settings, copy)
    except StoreError as error:
        raise SettingsError(f"nothing was restored: {error}.") from None
    async with open_desk(settings):
        return kept


async def _restore_copy(settings: Settings, copy: Path) -> Path | None:
    database = open_database(settings.database_url)
    url = database.connections.engine.url
    try:
        if not database.is_shared:
            return await asyncio.to_thread(backup.restore, Path(str(url.database)), copy)
        if running := await other_processes(database):
            raise SettingsError(f"{running} processes run on this database: stop them first.")
    finally:
        await database.close()
    await asyncio.to_thread(backup.load, _address(settings), copy)
    return None


def _address(settings: Settings) -> PostgresAddress:
    return postgres_address(parsed_url(settings.database_url))
