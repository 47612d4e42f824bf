"""The parts that need no Telegram, put together once: rules, articles, database, use cases."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.config import Settings, SettingsError
from bot.gateways.clock import SystemClock
from bot.gateways.dice import SystemDice
from bot.templating import Templating
from bot.use_cases import UseCases
from knowledge.engine import AnswerEngine
from knowledge.library import load, shipped_folder
from knowledge.model import Library
from state import policy as policies
from state.policy import Policy
from state.ports import Clock, Dice, UnitOfWork
from state.rules.codes import Peppers
from state.rules.phone_number import Reach
from state.store.engine import Database, open_database
from state.store.errors import DatabaseTooOldError
from state.store.schema import check_revision, upgrade


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
        return UseCases(
            unit=unit,
            policy=self.policy,
            clock=self.clock,
            dice=self.dice,
            peppers=self.peppers,
            reach=self.reach,
        )


def load_policy(settings: Settings) -> Policy:
    """The shipped rules, or the operator's; BadPolicyError says what is wrong with them."""
    if settings.policy is None:
        return policies.shipped()
    try:
        return policies.parse(settings.policy.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            f"HELPDESK_POLICY names {settings.policy}, which can't be read: {error.strerror}."
        ) from None


def articles_folder(settings: Settings) -> Path:
    return settings.articles or shipped_folder()


def load_library(settings: Settings) -> Library:
    """BadArticlesError lists what is wrong, with file and line."""
    return load(articles_folder(settings))


def answer_engine(library: Library) -> AnswerEngine:
    return AnswerEngine(library)


def load_templating(settings: Settings) -> Templating:
    return Templating(brand=settings.brand, languages=settings.languages)


@asynccontextmanager
async def open_desk(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[Desk]:
    """Brings the tables up to date; StoreError if the database can't be used."""
    keys = settings.pepper_keys()
    database = open_database(settings.database_url)
    try:
        await _bring_up_to_date(database)
        yield Desk(
            settings=settings,
            policy=load_policy(settings),
            database=database,
            clock=clock or SystemClock(),
            dice=SystemDice(),
            peppers=Peppers(tuple(keys.items())) if keys else None,
            reach=_reach(settings),
        )
    finally:
        await database.close()


def _reach(settings: Settings) -> Reach:
    own = frozenset({settings.twilio_from} if settings.twilio_from else ())
    return Reach(regions=frozenset(settings.call_regions), own_numbers=own)


async def _bring_up_to_date(database: Database) -> None:
    """The look is cheap; only a database of an earlier version is written to."""
    try:
        await check_revision(database)
    except DatabaseTooOldError:
        await upgrade(database)
