"""Registry of all use cases, each bound to one unit of work and to shared dependencies."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias, TypeVar

from state.policy import Policy
from state.ports import Clock, Dice, Read, ReadUnit, Transact, UnitOfWork
from state.rules.codes import Peppers
from state.rules.office_hours import Office
from state.rules.phone_number import CallableNumbers
from state.usecases.answers.note_answers import NoteAnswers
from state.usecases.answers.open_article import OpenArticle, RecallAnswer, RecallArticle
from state.usecases.answers.rate_answer import RateAnswer
from state.usecases.linking.link_chat import InspectLink, LinkChat, UnlinkChat
from state.usecases.linking.offer_link import OfferByContact, OfferLink
from state.usecases.nudges import GoOnNudging, ReadNudge, SetNudges
from state.usecases.privacy.export import ReadRecord, RequestExport
from state.usecases.privacy.forget import ForgetChat, ForgetFreelancer, WipeTraces
from state.usecases.progress.correct_step import CorrectStep
from state.usecases.progress.read import ReadProgress, ReadWhatIf
from state.usecases.retention import Sweep
from state.usecases.snapshots.pull import AskForReading, TakePulled
from state.usecases.snapshots.take import TakeSnapshot
from state.usecases.snapshots.take_many import TakeSnapshots
from state.usecases.staff.figures import ReadFigures
from state.usecases.staff.members import AddStaff, ListStaff, RecogniseStaff, RemoveStaff, Roster
from state.usecases.staff.sign_in import (
    EndSession,
    InspectSignIn,
    OfferSignIn,
    ReadSession,
    SignIn,
)
from state.usecases.tickets.ban import BanChat, LiftBan
from state.usecases.tickets.close import CloseTicket, LeaveTicket, SayWhetherSolved
from state.usecases.tickets.hold import NoteOnTicket, ReleaseTicket, TakeTicket
from state.usecases.tickets.open import OpenTicket
from state.usecases.tickets.read import ListTickets, ReadDossier, ReadTicket, ReadTicketSummary
from state.usecases.tickets.relay_message import (
    EditTalk,
    RelayFromFreelancer,
    ReplyToFreelancer,
    TakeBack,
)
from state.usecases.verification.by_hand import ClearVerification, ReleaseNumber, SetVerification
from state.usecases.verification.number import EditNumber, ExpectInput, TakeContact
from state.usecases.verification.read import ExplainVerification, ReadVerification
from state.usecases.verification.read_call import ReadCallScreen, ReadCode
from state.usecases.verification.reminders import ReadReminder, SkipReminder
from state.usecases.verification.request_call import CancelCall, RequestCall
from state.usecases.verification.run_call import AdvanceCall, ClaimCall, ReviewCall, SubmitCode

T = TypeVar("T")


class NoPeppersError(Exception):
    """A use case needs a pepper, and the settings hold none."""


def _query(make: "Callable[[Queries], T]") -> "cached_property[T]":
    """A read-only use case, created on first access; by its type, `make` sees no writes."""
    return cached_property(make)


def _use_case(make: "Callable[[UseCases], T]") -> "cached_property[T]":
    """A use case, created on first access."""
    return cached_property(make)


@dataclass(frozen=True, kw_only=True)
class Queries:
    """The read-only use cases, each created on first access."""

    unit: ReadUnit
    policy: Policy
    clock: Clock
    dice: Dice
    peppers: Peppers | None
    callable_numbers: CallableNumbers
    office: Office | None = None
    hand_over_limit: int = 5
    """Most hand-overs of one chat within an hour."""
    roster: Roster = field(default_factory=dict)
    can_pull: bool = False
    """Whether accounts can be read from the marketplace on request."""

    @property
    def required_peppers(self) -> Peppers:
        """The peppers; NoPeppersError if the settings hold none."""
        if self.peppers is None:
            raise NoPeppersError("HELPDESK_PEPPERS is missing")
        return self.peppers

    explain_verification = _query(
        lambda its: ExplainVerification(
            unit=its.unit, policy=its.policy, clock=its.clock, peppers=its.peppers
        )
    )
    inspect_sign_in = _query(lambda its: InspectSignIn(unit=its.unit, clock=its.clock))
    list_staff = _query(lambda its: ListStaff(unit=its.unit, roster=its.roster))
    list_tickets = _query(lambda its: ListTickets(unit=its.unit))
    read_call_screen = _query(
        lambda its: ReadCallScreen(
            unit=its.unit,
            policy=its.policy,
            clock=its.clock,
            peppers=its.required_peppers,
            callable_numbers=its.callable_numbers,
        )
    )
    read_code = _query(
        lambda its: ReadCode(unit=its.unit, policy=its.policy, peppers=its.required_peppers)
    )
    read_dossier = _query(
        lambda its: ReadDossier(
            unit=its.unit, policy=its.policy, clock=its.clock, peppers=its.peppers
        )
    )
    read_figures = _query(lambda its: ReadFigures(unit=its.unit, clock=its.clock))
    read_nudge = _query(
        lambda its: ReadNudge(
            unit=its.unit, policy=its.policy, clock=its.clock, peppers=its.peppers
        )
    )
    read_ticket_summary = _query(
        lambda its: ReadTicketSummary(
            unit=its.unit,
            policy=its.policy,
            clock=its.clock,
            peppers=its.required_peppers,
            callable_numbers=its.callable_numbers,
        )
    )
    read_progress = _query(
        lambda its: ReadProgress(
            unit=its.unit, policy=its.policy, clock=its.clock, peppers=its.peppers
        )
    )
    read_record = _query(
        lambda its: ReadRecord(
            unit=its.unit, policy=its.policy, clock=its.clock, peppers=its.peppers
        )
    )
    read_reminder = _query(
        lambda its: ReadReminder(
            unit=its.unit, policy=its.policy, clock=its.clock, peppers=its.peppers
        )
    )
    read_ticket = _query(
        lambda its: ReadTicket(
            unit=its.unit,
            policy=its.policy,
            clock=its.clock,
            peppers=its.required_peppers,
            callable_numbers=its.callable_numbers,
        )
    )
    read_verification = _query(
        lambda its: ReadVerification(
            unit=its.unit,
            policy=its.policy,
            clock=its.clock,
            peppers=its.required_peppers,
            callable_numbers=its.callable_numbers,
        )
    )
    read_session = _query(
        lambda its: ReadSession(unit=its.unit, clock=its.clock, roster=its.roster)
    )
    read_what_if = _query(
        lambda its: ReadWhatIf(unit=its.unit, policy=its.policy, clock=its.clock)
    )
    recall_article = _query(lambda its: RecallArticle(unit=its.unit, clock=its.clock))
    recall_answer = _query(lambda its: RecallAnswer(unit=its.unit))


@dataclass(frozen=True, kw_only=True)
class UseCases(Queries):
    """All use cases, over a unit of work that they may change."""

    unit: UnitOfWork

    add_staff = _use_case(lambda its: AddStaff(unit=its.unit, clock=its.clock))
    advance_call = _use_case(
        lambda its: AdvanceCall(
            unit=its.unit, policy=its.policy, clock=its.clock, peppers=its.required_peppers
        )
    )
    ask_for_reading = _use_case(
        lambda its: AskForReading(unit=its.unit, clock=its.clock, can_pull=its.can_pull)
    )
    ban_chat = _use_case(lambda its: BanChat(unit=its.unit, clock=its.clock))
    cancel_call = _use_case(
        lambda its: CancelCall(unit=its.unit, policy=its.policy, clock=its.clock)
    )
    claim_call = _use_case(
        lambda its: ClaimCall(
            unit=its.unit, policy=its.policy, clock=its.clock, peppers=its.required_peppers
        )
    )
    clear_verification = _use_case(
        lambda its: ClearVerification(
            unit=its.unit, policy=its.policy, clock=its.clock, peppers=its.required_peppers
        )
    )
    close_ticket = _use_case(lambda its: CloseTicket(unit=its.unit, clock=its.clock))
    correct_step = _use_case(
        lambda its: CorrectStep(unit=its.unit, policy=its.policy, clock=its.clock)
    )
    edit_number = _use_case(
        lambda its: EditNumber(
            unit=its.unit,
            policy=its.policy,
            clock=its.clock,
            peppers=its.required_peppers,
            callable_numbers=its.callable_numbers,
        )
    )
    edit_talk = _use_case(lambda its: EditTalk(unit=its.unit, clock=its.clock))
    end_session = _use_case(lambda its: EndSession(unit=its.unit, clock=its.clock))
    expect_input = _use_case(lambda its: ExpectInput(unit=its.unit))
    forget_chat = _use_case(
        lambda its: ForgetChat(unit=its.unit, policy=its.policy, clock=its.clock)
    )
    forget_freelancer = _use_case(
        lambda its: ForgetFreelancer(unit=its.unit, policy=its.policy, clock=its.clock)
    )
    go_on_nudging = _use_case(lambda its: GoOnNudging(unit=its.unit, clock=its.clock))
    inspect_link = _use_case(
        lambda its: InspectLink(unit=its.unit, clock=its.clock, peppers=its.required_peppers)
    )
    leave_ticket = _use_case(lambda its: LeaveTicket(unit=its.unit, clock=its.clock))
    lift_ban = _use_case(lambda its: LiftBan(unit=its.unit, clock=its.clock))
    link_chat = _use_case(
        lambda its: LinkChat(
            unit=its.unit, policy=its.policy, clock=its.clock, peppers=its.required_peppers
        )
    )
    note_answers = _use_case(lambda its: NoteAnswers(unit=its.unit, clock=its.clock))
    note_on_ticket = _use_case(lambda its: NoteOnTicket(unit=its.unit, clock=its.clock))
    offer_by_contact = _use_case(
        lambda its: OfferByContact(
            unit=its.unit, clock=its.clock, dice=its.dice, callable_numbers=its.callable_numbers
        )
    )
    offer_link = _use_case(lambda its: OfferLink(unit=its.unit, clock=its.clock, dice=its.dice))
    offer_sign_in = _use_case(
        lambda its: OfferSignIn(unit=its.unit, clock=its.clock, dice=its.dice, roster=its.roster)
    )
    open_article = _use_case(lambda its: OpenArticle(unit=its.unit, clock=its.clock))
    open_ticket = _use_case(
        lambda its: OpenTicket(
            unit=its.unit,
            clock=its.clock,
            office=its.office,
            peppers=its.required_peppers,
            hand_over_limit=its.hand_over_limit,
        )
    )
    rate_answer = _use_case(lambda its: RateAnswer(unit=its.unit))
    recognise_staff = _use_case(lambda its: RecogniseStaff(unit=its.unit, roster=its.roster))
    relay_from_freelancer = _use_case(
        lambda its: RelayFromFreelancer(unit=its.unit, clock=its.clock)
    )
    release_number = _use_case(
        lambda its: ReleaseNumber(
            unit=its.unit,
            clock=its.clock,
            peppers=its.required_peppers,
            callable_numbers=its.callable_numbers,
        )
    )
    release_ticket = _use_case(lambda its: ReleaseTicket(unit=its.unit, clock=its.clock))
    remove_staff = _use_case(lambda its: RemoveStaff(unit=its.unit, clock=its.clock))
    reply_to_freelancer = _use_case(lambda its: ReplyToFreelancer(unit=its.unit, clock=its.clock))
    request_call = _use_case(
        lambda its: RequestCall(
            unit=its.unit,
            policy=its.policy,
            clock=its.clock,
            dice=its.dice,
            peppers=its.required_peppers,
            callable_numbers=its.callable_numbers,
        )
    )
    request_export = _use_case(lambda its: RequestExport(unit=its.unit, clock=its.clock))
    review_call = _use_case(
        lambda its: ReviewCall(unit=its.unit, policy=its.policy, clock=its.clock)
    )
    say_whether_solved = _use_case(lambda its: SayWhetherSolved(unit=its.unit, clock=its.clock))
    set_nudges = _use_case(lambda its: SetNudges(unit=its.unit, clock=its.clock))
    set_verification = _use_case(
        lambda its: SetVerification(
            unit=its.unit,
            policy=its.policy,
            clock=its.clock,
            peppers=its.required_peppers,
            callable_numbers=its.callable_numbers,
        )
    )
    sign_in = _use_case(
        lambda its: SignIn(unit=its.unit, clock=its.clock, dice=its.dice, roster=its.roster)
    )
    skip_reminder = _use_case(
        lambda its: SkipReminder(
            unit=its.unit, policy=its.policy, clock=its.clock, peppers=its.peppers
        )
    )
    submit_code = _use_case(
        lambda its: SubmitCode(
            unit=its.unit, policy=its.policy, clock=its.clock, peppers=its.required_peppers
        )
    )
    sweep = _use_case(lambda its: Sweep(unit=its.unit, policy=its.policy, clock=its.clock))
    take_back = _use_case(lambda its: TakeBack(unit=its.unit, clock=its.clock))
    take_contact = _use_case(
        lambda its: TakeContact(
            unit=its.unit,
            policy=its.policy,
            clock=its.clock,
            peppers=its.required_peppers,
            callable_numbers=its.callable_numbers,
        )
    )
    take_pulled = _use_case(
        lambda its: TakePulled(
            unit=its.unit,
            policy=its.policy,
            clock=its.clock,
            peppers=its.required_peppers,
            callable_numbers=its.callable_numbers,
        )
    )
    take_snapshot = _use_case(
        lambda its: TakeSnapshot(
            unit=its.unit,
            policy=its.policy,
            clock=its.clock,
            peppers=its.peppers,
            callable_numbers=its.callable_numbers,
        )
    )
    take_snapshots = _use_case(
        lambda its: TakeSnapshots(
            unit=its.unit,
            policy=its.policy,
            clock=its.clock,
            peppers=its.peppers,
            callable_numbers=its.callable_numbers,
        )
    )
    take_ticket = _use_case(lambda its: TakeTicket(unit=its.unit, clock=its.clock))
    unlink_chat = _use_case(
        lambda its: UnlinkChat(unit=its.unit, policy=its.policy, clock=its.clock)
    )
    wipe_traces = _use_case(lambda its: WipeTraces(unit=its.unit))


MakeQueries: TypeAlias = Callable[[ReadUnit], Queries]
MakeUseCases: TypeAlias = Callable[[UnitOfWork], UseCases]


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Access to the stored state: through units of work, or through the use cases over them."""

    transact: Transact
    read: Read
    make_use_cases: MakeUseCases
    make_queries: MakeQueries

    async def use(self, work: Callable[[UseCases], Awaitable[T]]) -> T:
        """Run use cases in one unit of work; `work` runs again if a version check failed."""
        return await self.transact(lambda unit: work(self.make_use_cases(unit)))

    async def ask(self, work: Callable[[Queries], Awaitable[T]]) -> T:
        """Run read-only use cases."""
        return await self.read(lambda unit: work(self.make_queries(unit)))
