"""What carrying out each kind of task does to Telegram, and what it leaves to remember."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from bot.gateways.telegram.client import (
    Messenger,
    RefusedError,
    RetryAfterError,
    TelegramError,
    UnreachableError,
)
from bot.outgoing.calls import CallDeliveries
from bot.outgoing.deliveries import Deliveries, TalkDeliveries
from bot.outgoing.marketplace import MarketplaceDeliveries
from bot.outgoing.personal_data import PersonalDeliveries
from bot.outgoing.results import Delivered, DeliveryResult, GiveUp, TryLater
from bot.outgoing.to_freelancer import FreelancerDeliveries
from bot.presentation.renderer import Presenter
from bot.presentation.templates import Templating
from state.model.alarm import Alarm
from state.model.chat import Chat, ChatId
from state.model.question import AnswerNote, Outcome
from state.model.verification import SessionId
from state.model.work import (
    AlertOperator,
    CheckCall,
    DialNumber,
    HangUp,
    OutboxRow,
    RemindUnlocked,
    SendReply,
    ShowCall,
    ShowProgress,
    SweepOld,
    Task,
    TellOwner,
)
from state.ports import UnitOfWork
from tests.support.builders import ADA as FREELANCER
from tests.support.builders import an_account, policy
from tests.support.fakes import START, FakeClock, InMemoryDatabase
from tests.support.telegram import RecordedTelegram, Shown
from tests.support.turns import records_of, use_cases

ADA = ChatId(1001)
STAFF = ChatId(-100)


@dataclass(slots=True)
class Bench:
    """Deliveries without a telephone line, over an in-memory database."""

    telegram: RecordedTelegram = field(default_factory=RecordedTelegram)
    database: InMemoryDatabase = field(default_factory=InMemoryDatabase)
    clock: FakeClock = field(default_factory=FakeClock)

    def _talks(self, shared: dict[str, Any], sending: dict[str, Any]) -> TalkDeliveries:
        to_caller = FreelancerDeliveries(
            **shared, **sending, calls=self.telegram, clock=self.clock, staff_chat=STAFF
        )
        return TalkDeliveries(to_caller=to_caller, to_group=None)

    async def _scrub(self) -> bool:
        return True

    async def deliver(self, task: Task) -> DeliveryResult:
        """And keep what the outcome wants to be kept, as the outbox does."""
        row = OutboxRow(id=1, lane="l", key="k", task=task, due_at=START)
        shared: dict[str, Any] = {"records": records_of(self.database, self.clock)}
        sending: dict[str, Any] = {
            "messenger": Messenger(self.telegram),
            "present": Presenter(Templating(brand="Test Desk", code_digits=6)),
            "policy": policy(),
        }
        outcome = await Deliveries(
            **shared,
            heavy_records=shared["records"],
            **sending,
            clock=self.clock,
            calls=CallDeliveries(**shared, clock=self.clock, calls=None, codes=None),
            marketplace=MarketplaceDeliveries(
                **shared, policy=policy(), webhooks=None, marketplace=None
            ),
            personal=PersonalDeliveries(
                **shared, **sending, channels=frozenset(), truncate_wal=self._scrub
            ),
            talks=self._talks(shared, sending),
            staff_chat=STAFF,
        )(row)
        if isinstance(outcome, Delivered | GiveUp):
            await self.database.transact(outcome.record)
        return outcome

    @property
    def shown(self) -> list[Shown]:
        return self.telegram.chats.get(ADA, [])


def a_reply(text: str = "<b>Hello</b>", *, matter: str | None = None) -> SendReply:
    return SendReply(chat_id=ADA, text=text, matter=matter, edit=matter is not None)


async def test_a_reply_is_sent_without_link_previews() -> None:
    bench = Bench()

    outcome = await bench.deliver(a_reply())

    assert isinstance(outcome, Delivered)
    assert bench.telegram.calls == [
        (
            "sendMessage",
            {
                "chat_id": ADA,
                "text": "<b>Hello</b>",
                "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": True},
            },
        )
    ]
    assert bench.database.tables.living == {}
    assert bench.telegram.faults == []


async def test_a_living_message_is_edited_in_place() -> None:
    bench = Bench()

    await bench.deliver(a_reply("one", matter="progress"))
    await bench.deliver(a_reply("two", matter="progress"))

    assert [(one.html, one.edits) for one in bench.shown] == [("two", 1)]


async def test_an_edit_without_changes_counts_as_delivered() -> None:
    bench = Bench()
    await bench.deliver(a_reply("same", matter="progress"))

    outcome = await bench.deliver(a_reply("same", matter="progress"))

    assert isinstance(outcome, Delivered)
    assert len(bench.shown) == 1


async def test_a_deleted_message_is_sent_again_and_becomes_the_living_message() -> None:
    bench = Bench()
    await bench.deliver(a_reply("one", matter="progress"))
    bench.telegram.delete(ADA, bench.shown[0].message_id)

    await bench.deliver(a_reply("two", matter="progress"))
    await bench.deliver(a_reply("three", matter="progress"))

    assert [(one.html, one.edits) for one in bench.shown] == [("three", 1)]


async def test_a_text_with_rejected_markup_is_sent_as_plain_text() -> None:
    bench = Bench()
    bench.telegram.failures = [RefusedError("Bad Request: can't parse entities: tag")]

    outcome = await bench.deliver(a_reply("<b>Tom &amp; Jerry</b>"))

    assert isinstance(outcome, Delivered)
    assert bench.shown[0].html == "Tom & Jerry"
    assert "parse_mode" not in bench.telegram.calls[-1][1]


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (RetryAfterError(7), TryLater("Telegram asks to wait 7 s", timedelta(seconds=7))),
        (UnreachableError("sendMessage: 502"), TryLater("sendMessage: 502")),
        (RefusedError("Bad Request: chat not found"), GiveUp("Bad Request: chat not found")),
    ],
)
async def test_each_failure_of_the_bot_api_becomes_a_delivery_result(
    failure: TelegramError, outcome: DeliveryResult
) -> None:
    bench = Bench()
    bench.telegram.failures = [failure]

    assert await bench.deliver(a_reply()) == outcome


async def test_a_block_marks_the_chat_and_later_sends_are_skipped() -> None:
    bench = Bench()
    bench.telegram.blocked.add(ADA)

    first = await bench.deliver(a_reply())
    second = await bench.deliver(a_reply())

    assert isinstance(first, GiveUp)
    assert second == GiveUp("the person blocked the bot")
    assert len(bench.telegram.calls) == 1
    assert bench.database.tables.chats[ADA].blocked_at == START


async def _link(bench: Bench, *, blocked: bool = False) -> None:
    async def work(unit: UnitOfWork) -> None:
        await unit.accounts.put(an_account())
        blocked_at = START if blocked else None
        await unit.chats.save(Chat(id=ADA, freelancer_id=FREELANCER, blocked_at=blocked_at))
        await unit.living_messages.put(ADA, "progress", 1)

    await bench.database.transact(work)


async def test_an_uneditable_progress_message_is_not_sent_again() -> None:
    bench = Bench()
    await _link(bench)

    outcome = await bench.deliver(ShowProgress(freelancer_id=FREELANCER))

    assert isinstance(outcome, Delivered)
    assert [method for method, _ in bench.telegram.calls] == ["editMessageText"]
    assert bench.shown == []


async def test_a_block_while_editing_progress_marks_the_chat() -> None:
    bench = Bench()
    await _link(bench)
    bench.telegram.blocked.add(ADA)

    outcome = await bench.deliver(ShowProgress(freelancer_id=FREELANCER, opened=("phone",)))

    assert isinstance(outcome, GiveUp)
    assert bench.database.tables.chats[ADA].blocked_at == START


@pytest.mark.parametrize(
    "task",
    [
        ShowProgress(freelancer_id=FREELANCER, opened=("phone",)),
        RemindUnlocked(freelancer_id=FREELANCER),
        ShowCall(session_id=SessionId("0" * 32)),
        ShowCall(session_id=SessionId("0" * 32), chat_id=ADA),
        CheckCall(session_id=SessionId("0" * 32)),
        DialNumber(session_id=SessionId("0" * 32)),
        HangUp(session_id=SessionId("0" * 32)),
        TellOwner(freelancer_id=FREELANCER, number="+44 … 56"),
    ],
    ids=lambda task: type(task).__name__,
)
async def test_a_task_without_its_subject_counts_as_delivered(task: Task) -> None:
    bench = Bench()

    assert isinstance(await bench.deliver(task), Delivered)

    assert bench.telegram.calls == []


async def test_a_blocked_chat_gets_no_progress() -> None:
    bench = Bench()
    await _link(bench, blocked=True)

    await bench.deliver(ShowProgress(freelancer_id=FREELANCER, opened=("phone",)))

    assert bench.telegram.calls == []


async def test_a_sweep_deletes_expired_rows_and_schedules_the_next() -> None:
    bench = Bench()
    note = AnswerNote(words="why?", outcome=Outcome.FOUND, slug="fees")
    noted = await bench.database.transact(
        lambda unit: use_cases(unit, bench.clock).note_answers(ADA, 9000, "en", [note])
    )
    bench.clock.forward(hours=73)

    await bench.deliver(SweepOld())

    question = await bench.database.look().questions.get(noted.ids[0])
    assert question is not None
    assert question.chat_id is None
    [planned] = bench.database.tables.outbox.values()
    assert planned.row.due_at == bench.clock.now() + timedelta(days=1)


@pytest.mark.parametrize("what", [one for one in Alarm if one is not Alarm.UPDATES_ELSEWHERE])
async def test_every_alarm_has_a_text_for_staff(what: Alarm) -> None:
    bench = Bench()

    await bench.deliver(AlertOperator(what=what, about="US"))

    [told] = bench.telegram.chats[STAFF]
    assert told.text.startswith("Phone verification needs you.")
    assert len(told.text) > len("Phone verification needs you.") + 40


async def test_an_alarm_about_updates_includes_a_remedy() -> None:
    bench = Bench()

    await bench.deliver(AlertOperator(what=Alarm.UPDATES_ELSEWHERE))

    [told] = bench.telegram.chats[STAFF]
    assert told.text.startswith("Another program uses this bot's token.")
    assert "revoke the token at @BotFather" in told.text
