"""The parts that need no Telegram, put together once: rules, database, use cases."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from bot.gateways.clock import SystemClock
from bot.gateways.randomness import SystemDice
from bot.settings import Settings, SettingsError
from state import policy as policies
from state.model.work import Queue
from state.policy import BadPolicyError, Policy
from state.ports import Clock, Dice, Loss, ReadUnit, UnitOfWork
from state.rules.codes import Peppers
from state.rules.office_hours import Office
from state.rules.phone_number import Reach
from state.store.admin import backup
from state.store.admin import backup as dump
from state.store.admin.health import other_processes
from state.store.admin.revision import REVISIONS, check_revision
from state.store.database import Database, open_database
from state.store.sql.errors import DatabaseTooOldError, StoreError
from state.usecases.registry import Queries, Records, UseCases
from state.usecases.staff.members import Roster


class Shared(TypedDict):
    """What use cases need besides a unit of work."""

    policy: Policy
    clock: Clock
    dice: Dice
    peppers: Peppers | None
    reach: Reach
    office: Office | None
    hand_overs: int
    roster: Roster
    pulls: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    settings: Settings
    policy: Policy
    database: Database
    clock: Clock
    dice: Dice
    peppers: Peppers | None
    reach: Reach

    def use_cases(self, unit: UnitOfWork) -> UseCases:
        return UseCases(unit=unit, **self._shared)

    def queries(self, unit: ReadUnit) -> Queries:
        return Queries(unit=unit, **self._shared)

    @property
    def records(self) -> Records:
        return Records(
            transact=self.database.transact,
            read=self.database.read,
            provide=self.use_cases,
            queries=self.queries,
        )

    @property
    def _shared(self) -> Shared:
        return Shared(
            policy=self.policy,
            clock=self.clock,
            dice=self.dice,
            peppers=self.peppers,
            reach=self.reach,
            office=self.settings.office,
            hand_overs=self.settings.hand_overs,
            roster=self.settings.staff,
            pulls=self.settings.platform_url is not None,
        )


def load_policy(settings: Settings) -> Policy:
    """SettingsError says what is wrong with the operator's."""
    if settings.policy is None:
        return policies.shipped()
    try:
        return policies.parse(settings.policy.read_text(encoding="utf-8"))
    except OSError as error:
        reason = f"which can't be read: {error.strerror}."
    except UnicodeDecodeError:
        reason = "which is not a UTF-8 text file."
    except BadPolicyError as error:
        reason = f"which is no policy: {error}"
    raise SettingsError(f"HELPDESK_POLICY names {settings.policy}, {reason}")


@asynccontextmanager
async def open_desk(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[Desk]:
    """Brings the tables up to date; SettingsError if the database can't be used."""
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
            reach=_reach(settings),
        )


async def _clock(database: Database) -> SystemClock:
    """What was recorded is past: a clock that was set back must not make it future again."""
    clock = SystemClock()
    newest = await database.newest_record()
    if newest is not None:
        clock.not_before(newest)
    return clock


def _reach(settings: Settings) -> Reach:
    own = frozenset({settings.twilio_from} if settings.twilio_from else ())
    regions = frozenset(settings.call_regions)
    return Reach(regions=regions, voip=settings.call_voip, own_numbers=own)


@asynccontextmanager
async def _open_database(settings: Settings, peppers: Peppers | None) -> AsyncIterator[Database]:
    with _named():
        database = open_database(settings.database_url)
    try:
        with _named():
            await _bring_up_to_date(database, peppers)
        yield database
    finally:
        await database.close()


@dataclass(frozen=True, slots=True)
class Looked:
    words: str
    lost: Sequence[Loss] = ()
    """Events that the marketplace never took."""


async def look_at_database(settings: Settings) -> Looked:
    """Changes nothing, not even an earlier version's tables; SettingsError if it is of no use."""
    with _named():
        database = open_database(settings.database_url)
        try:
            if not database.is_there:
                return Looked("there is none yet; helpdesk run makes it")
            await check_revision(database)
            lost = await database.outbox_door.losses(Queue.EVENTS)
        except DatabaseTooOldError:
            return Looked("reachable, without this version's tables; helpdesk run makes them")
        finally:
            await database.close()
    return Looked(f"reachable and up to date, revision {REVISIONS[-1]}", lost)


@contextmanager
def the_only_one(database: Database) -> Iterator[None]:
    """SettingsError if this process may not run beside one that runs already."""
    with ExitStack() as stack:
        with _named():
            stack.enter_context(database.running())
        yield


@contextmanager
def _named() -> Iterator[None]:
    """What is wrong with the database as a whole, under the name of its setting."""
    try:
        yield
    except StoreError as error:
        raise SettingsError(f"HELPDESK_DATABASE_URL: {error}.") from None


async def _bring_up_to_date(database: Database, peppers: Peppers | None) -> None:
    """The look is cheap; only a database of an earlier version is written to."""
    try:
        await check_revision(database)
    except DatabaseTooOldError:
        from state.store.admin.migrate import upgrade  # noqa: PLC0415 - Alembic costs a third of a start

        await upgrade(database, pepper=None if peppers is None else peppers.oldest)


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
