"""A help desk without its outside: every use case over one in-memory database."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from state.model.account import FreelancerId
from state.model.chat import ChatId
from state.model.verification import CallSession, Prompt, Round, SessionId
from state.model.work import OutboxRow, Queue, Task, queue_of
from state.rules.call_events import CallEvent, KeyPressed, PickedUp, Placed
from state.rules.codes import derive_code
from state.usecases.answers.note_answers import NoteAnswers
from state.usecases.answers.open_article import OpenArticle, RecallArticle
from state.usecases.answers.rate_answer import RateAnswer
from state.usecases.linking.link_chat import InspectLink, LinkChat, UnlinkChat
from state.usecases.linking.offer_link import OfferByContact, Offered, OfferLink
from state.usecases.nudges import GoOnNudging, ReadNudge, SetNudges
from state.usecases.privacy.forget import ForgetFreelancer
from state.usecases.progress.correct_step import CorrectStep
from state.usecases.progress.read import ReadProgress
from state.usecases.retention import Sweep
from state.usecases.snapshots.take import TakeSnapshot
from state.usecases.verification.number import EditNumber
from state.usecases.verification.read import ReadVerification
from state.usecases.verification.read_call import ReadCallScreen
from state.usecases.verification.reminders import ReadReminder, SkipReminder
from state.usecases.verification.request_call import CancelCall, RequestCall
from state.usecases.verification.run_call import AdvanceCall, ClaimCall, HeardDigits, ReviewCall
from tests.state.usecases.talking import PEPPERS, REACH, TalkUseCases
from tests.support.builders import ADA, an_account, policy
from tests.support.fakes import FakeClock, FixedDice, InMemoryDatabase, InMemoryUnit
from tests.support.stored_rounds import stored_round

__all__ = ["CHAT", "OTHER_CHAT", "PEPPERS", "REACH", "Desk", "UseCases"]

T = TypeVar("T")

CHAT = ChatId(700)
OTHER_CHAT = ChatId(701)


@dataclass(frozen=True, slots=True)
class UseCases(TalkUseCases):
    """All of them, over one unit of work."""

    dice: FixedDice

    @property
    def offer_link(self) -> OfferLink:
        return OfferLink(unit=self.unit, clock=self.clock, dice=self.dice)

    @property
    def inspect_link(self) -> InspectLink:
        return InspectLink(unit=self.unit, clock=self.clock, peppers=PEPPERS)

    @property
    def link_chat(self) -> LinkChat:
        return LinkChat(unit=self.unit, policy=policy(), clock=self.clock, peppers=PEPPERS)

    @property
    def set_nudges(self) -> SetNudges:
        return SetNudges(unit=self.unit, clock=self.clock)

    @property
    def go_on_nudging(self) -> GoOnNudging:
        return GoOnNudging(unit=self.unit, clock=self.clock)

    @property
    def read_nudge(self) -> ReadNudge:
        return ReadNudge(unit=self.unit, policy=policy(), clock=self.clock, peppers=PEPPERS)

    @property
    def correct_step(self) -> CorrectStep:
        return CorrectStep(unit=self.unit, policy=policy(), clock=self.clock)

    @property
    def forget_freelancer(self) -> ForgetFreelancer:
        return ForgetFreelancer(unit=self.unit, policy=policy(), clock=self.clock)

    @property
    def offer_by_contact(self) -> OfferByContact:
        return OfferByContact(
            unit=self.unit, clock=self.clock, dice=self.dice, callable_numbers=REACH
        )

    @property
    def unlink_chat(self) -> UnlinkChat:
        return UnlinkChat(unit=self.unit, policy=policy(), clock=self.clock)

    @property
    def note_answers(self) -> NoteAnswers:
        return NoteAnswers(unit=self.unit, clock=self.clock)

    @property
    def open_article(self) -> OpenArticle:
        return OpenArticle(unit=self.unit, clock=self.clock)

    @property
    def rate_answer(self) -> RateAnswer:
        return RateAnswer(unit=self.unit)

    @property
    def recall_article(self) -> RecallArticle:
        return RecallArticle(unit=self.unit, clock=self.clock)

    @property
    def sweep(self) -> Sweep:
        return Sweep(unit=self.unit, policy=policy(), clock=self.clock)

    @property
    def read_progress(self) -> ReadProgress:
        return ReadProgress(unit=self.unit, policy=policy(), clock=self.clock, peppers=PEPPERS)

    @property
    def read_reminder(self) -> ReadReminder:
        return ReadReminder(unit=self.unit, policy=policy(), clock=self.clock, peppers=PEPPERS)

    @property
    def skip_reminder(self) -> SkipReminder:
        return SkipReminder(unit=self.unit, policy=policy(), clock=self.clock, peppers=PEPPERS)

    @property
    def claim_call(self) -> ClaimCall:
        return ClaimCall(unit=self.unit, policy=policy(), clock=self.clock, peppers=PEPPERS)

    @property
    def cancel_call(self) -> CancelCall:
        return CancelCall(unit=self.unit, policy=policy(), clock=self.clock)

    @property
    def review_call(self) -> ReviewCall:
        return ReviewCall(unit=self.unit, policy=policy(), clock=self.clock)

    @property
    def advance_call(self) -> AdvanceCall:
        return AdvanceCall(unit=self.unit, policy=policy(), clock=self.clock, peppers=PEPPERS)

    @property
    def read_call_screen(self) -> ReadCallScreen:
        return ReadCallScreen(
            unit=self.unit,
            policy=policy(),
            clock=self.clock,
            peppers=PEPPERS,
            callable_numbers=REACH,
        )

    @property
    def take_snapshot(self) -> TakeSnapshot:
        return TakeSnapshot(
            unit=self.unit,
            policy=policy(),
            clock=self.clock,
            peppers=PEPPERS,
            callable_numbers=REACH,
        )

    @property
    def read_verification(self) -> ReadVerification:
        return ReadVerification(
            unit=self.unit,
            policy=policy(),
            clock=self.clock,
            peppers=PEPPERS,
            callable_numbers=REACH,
        )

    @property
    def edit_number(self) -> EditNumber:
        return EditNumber(
            unit=self.unit,
            policy=policy(),
            clock=self.clock,
            peppers=PEPPERS,
            callable_numbers=REACH,
        )

    @property
    def request_call(self) -> RequestCall:
        return RequestCall(
            unit=self.unit,
            policy=policy(),
            clock=self.clock,
            dice=self.dice,
            peppers=PEPPERS,
            callable_numbers=REACH,
        )


@dataclass(slots=True)
class Desk:
    """Each `run` is a transaction of its own; `look` sees what was committed."""

    clock: FakeClock = field(default_factory=FakeClock)
    dice: FixedDice = field(default_factory=FixedDice)
    database: InMemoryDatabase = field(default_factory=InMemoryDatabase)

    async def run(self, work: Callable[[UseCases], Awaitable[T]]) -> T:
        return await self.database.transact(
            lambda unit: work(UseCases(unit, self.clock, self.dice))
        )

    def look(self) -> InMemoryUnit:
        return self.database.look()

    def rows(self, *kinds: type[Task]) -> list[OutboxRow]:
        """What the marketplace is told and asked must be asked for by its kind."""
        rows = [entry.row for entry in self.database.tables.outbox.values()]
        if kinds:
            return [row for row in rows if isinstance(row.task, kinds)]
        return [row for row in rows if queue_of(row.task) in {Queue.CHATS, Queue.GROUP}]

    def tasks(self, *kinds: type[Task]) -> list[Task]:
        return [row.task for row in self.rows(*kinds)]

    def audit(self) -> list[str]:
        return [event.kind for event in self.database.tables.audit.values()]

    # ------------------------------------------------------------ people

    async def arrive(
        self, freelancer_id: FreelancerId = ADA, chat: ChatId = CHAT, **account: object
    ) -> None:
        """The marketplace knows this freelancer, and a chat is linked."""
        snapshot = an_account(id=freelancer_id, **account)
        await self.run(lambda do: do.take_snapshot(snapshot))
        offered: Offered = await self.run(lambda do: do.offer_link(freelancer_id))
        await self.run(lambda do: do.link_chat(chat, offered.token))

    async def session(self, freelancer_id: FreelancerId = ADA) -> CallSession:
        found = await self.look().verifications.load(freelancer_id)
        assert found.session is not None
        return found.session

    async def round(self, freelancer_id: FreelancerId = ADA) -> Round:
        return await stored_round(
            self.look(), freelancer_id, peppers=PEPPERS, now=self.clock.now()
        )

    async def code(self, freelancer_id: FreelancerId = ADA) -> str:
        session = await self.session(freelancer_id)
        return derive_code(PEPPERS, session.pepper_id, session.seed, session.number)

    async def happen(
        self, *events: CallEvent | HeardDigits, session_id: SessionId | None = None
    ) -> list[Prompt]:
        session = session_id or (await self.session()).id
        return [await self.run(_advancing(session, event)) for event in events]

    async def reach_code(self, freelancer_id: FreelancerId = ADA) -> SessionId:
        """Ask for a call, dial it, take it and press the hash key."""
        await self.run(lambda do: do.request_call(freelancer_id))
        session = (await self.session(freelancer_id)).id
        await self.run(lambda do: do.claim_call(session))
        placed = Placed(f"CA-{session}")
        await self.happen(placed, PickedUp(), KeyPressed("#"), session_id=session)
        return session

    async def key(self, digits: str, times: int = 1) -> list[Prompt]:
        return await self.happen(*[HeardDigits(keyed=digits)] * times)

    async def wrong(self, times: int = 1) -> list[Prompt]:
        code = await self.code()
        return await self.key(f"{(int(code) + 1) % 1_000_000:06d}", times)


def _advancing(
    session: SessionId, event: CallEvent | HeardDigits
) -> Callable[[UseCases], Awaitable[Prompt]]:
    return lambda do: do.advance_call(session, event)
