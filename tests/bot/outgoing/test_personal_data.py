"""Reminders, files and farewells, when their delivery does not go as planned."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.gateways.telegram.client import BlockedError, Messenger
from bot.outgoing.personal_data import PersonalDeliveries
from bot.outgoing.results import Delivered, DeliveryResult, GiveUp, TryLater
from bot.presentation.renderer import Presenter
from bot.presentation.templates import Templating
from state.model.channel import Channel
from state.model.chat import Chat, ChatId
from state.model.work import EraseTraces, Nudge, SendExport, SendReply
from state.ports import UnitOfWork
from state.rules.nudging import EVERY
from tests.support.builders import ADA, an_account, policy
from tests.support.fakes import START, FakeClock, InMemoryDatabase
from tests.support.telegram import RecordedTelegram
from tests.support.turns import records_of

CHAT = ChatId(700)
DUE = START + EVERY
NUDGE = Nudge(chat_id=CHAT, planned_for=DUE.isoformat())


@dataclass(slots=True)
class Bench:
    """One person who wants to be reminded at noon in London."""

    telegram: RecordedTelegram = field(default_factory=RecordedTelegram)
    database: InMemoryDatabase = field(default_factory=InMemoryDatabase)
    clock: FakeClock = field(default_factory=lambda: FakeClock(DUE))
    scrubbed: int = 0

    async def scrub(self) -> bool:
        self.scrubbed += 1
        return True

    @property
    def personal(self) -> PersonalDeliveries:
        return PersonalDeliveries(
            messenger=Messenger(self.telegram),
            present=Presenter(Templating(brand="Test Desk", code_digits=6)),
            records=records_of(self.database, self.clock),
            policy=policy(),
            channels=frozenset({Channel.CALL}),
            truncate_wal=self.scrub,
        )

    async def arrive(self) -> None:
        async def work(unit: UnitOfWork) -> None:
            await unit.accounts.put(an_account(extra={"timezone": "Europe/London"}))
            await unit.chats.save(Chat(id=CHAT, freelancer_id=ADA, nudge_at=DUE))

        await self.database.transact(work)

    async def nudge(self, sent: DeliveryResult) -> DeliveryResult:
        """With what sending it came to; what is to be kept is kept, as the outbox does."""

        async def send(reply: SendReply) -> DeliveryResult:
            return sent

        outcome = await self.personal.remind(NUDGE, send)
        if isinstance(outcome, Delivered | GiveUp):
            await self.database.transact(outcome.record)
        return outcome

    @property
    def next_at(self) -> datetime | None:
        return self.database.tables.chats[CHAT].nudge_at


@pytest.fixture
async def bench() -> Bench:
    bench = Bench()
    await bench.arrive()
    return bench


async def test_a_sent_reminder_schedules_the_next_in_the_same_transaction(bench: Bench) -> None:
    await bench.nudge(Delivered())

    assert bench.next_at == DUE + EVERY


async def test_records_of_the_send_are_saved_with_the_mark(bench: Bench) -> None:
    async def remember(unit: UnitOfWork) -> None:
        await unit.living_messages.put(CHAT, "m", 5)

    await bench.nudge(Delivered(remember))

    assert bench.database.tables.living == {(CHAT, "m"): 5}


async def test_a_reminder_that_cannot_be_sent_now_is_retried(bench: Bench) -> None:
    outcome = await bench.nudge(TryLater("no answer"))

    assert outcome == TryLater("no answer")
    assert bench.next_at == DUE


async def test_a_reminder_that_can_never_be_sent_ends_the_reminders(bench: Bench) -> None:
    outcome = await bench.nudge(GiveUp("blocked"))

    assert isinstance(outcome, GiveUp)
    assert bench.next_at is None


async def test_a_reminder_due_at_night_is_postponed(bench: Bench) -> None:
    bench.clock.forward(hours=12)

    await bench.nudge(GiveUp("not reached"))

    assert bench.next_at == DUE + timedelta(hours=22)


async def test_an_export_for_a_person_who_blocked_the_bot_is_given_up(bench: Bench) -> None:
    bench.telegram.failures = [BlockedError("Forbidden: bot was blocked by the user")]

    outcome = await bench.personal.deliver_data(SendExport(chat_id=CHAT))

    assert isinstance(outcome, GiveUp)


async def test_after_an_erasure_the_write_ahead_log_is_truncated(bench: Bench) -> None:
    await bench.personal.deliver_data(EraseTraces())

    assert bench.scrubbed == 1
