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
from state.store.engine import Database, open_database
from state.store.schema import check_revision, upgrade


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    settings: Settings
    policy: Policy
    database: Database
    clock: Clock
    dice: Dice
    peppers: Peppers | None

    def use_cases(self, unit: UnitOfWork) -> UseCases:
        return UseCases(
            unit=unit,
            policy=self.policy,
            clock=self.clock,
            dice=self.dice,
            peppers=self.peppers,
            regions=frozenset(self.settings.call_regions),
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
async def open_desk(
    settings: Settings, *, clock: Clock | None = None, migrate: bool = False
) -> AsyncIterator[Desk]:
    """`migrate` brings the tables up to date; without it older tables are refused."""
    keys = settings.pepper_keys()
    database = open_database(settings.database_url)
    try:
        await (upgrade(database) if migrate else check_revision(database))
        yield Desk(
            settings=settings,
            policy=load_policy(settings),
            database=database,
            clock=clock or SystemClock(),
            dice=SystemDice(),
            peppers=Peppers(current=next(iter(keys)), keys=keys) if keys else None,
        )
    finally:
        await database.close()
