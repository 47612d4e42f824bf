"""Every use case, bound to one unit of work and to what the whole bot shares."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from typing import Any, TypeAlias, TypeVar

from state.policy import Policy
from state.ports import Clock, Dice, UnitOfWork
from state.rules.codes import Peppers
from state.rules.office_hours import Office
from state.rules.phone_number import Reach
from state.usecases.answers.note_answers import NoteAnswers
from state.usecases.answers.open_article import OpenArticle, RecallArticle
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
from state.usecases.staff.sign_in import EndVisit, InspectSignIn, OfferSignIn, ReadVisit, SignIn
from state.usecases.tickets.ban import BanChat, LiftBan
from state.usecases.tickets.close import CloseTicket, LeaveTicket, SayWhetherSolved
from state.usecases.tickets.hold import NoteOnTicket, ReleaseTicket, TakeTicket
from state.usecases.tickets.open import OpenTicket
from state.usecases.tickets.read import ListTickets, ReadDossier, ReadPacket, ReadTicket
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


@cache
def _needs(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


class NoPeppersError(Exception):
    """Codes are asked for, and the settings hold no pepper to make them with."""


DO_WITHOUT_PEPPERS = {
    ExplainVerification,
    ReadDossier,
    ReadNudge,
    ReadProgress,
    ReadRecord,
    ReadReminder,
    SkipReminder,
    TakeSnapshot,
    TakeSnapshots,
}
"""Where there is no pepper, no number can have been verified or locked."""


def _use_case(kind: type[T]) -> cached_property[T]:
    return cached_property(lambda self: self._made(kind))


@dataclass(frozen=True, kw_only=True)
class UseCases:
    """Made for each unit of work; each use case only when it is asked for."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock
    dice: Dice
    peppers: Peppers | None
    reach: Reach
    office: Office | None = None
    hand_overs: int = 5
    """That one chat may have within an hour."""
    roster: Roster = field(default_factory=dict)
    pulls: bool = False
    """Whether the marketplace can be asked."""

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """What handlers may ask for by name."""
        return tuple(name for name, made in vars(cls).items() if isinstance(made, cached_property))

    def _made(self, kind: type[T]) -> T:
        """A use case says by its fields what it needs, in the names of ours."""
        needed: Any = kind
        parts = {name: getattr(self, name) for name in _needs(needed)}
        if parts.get("peppers", self) is None and kind not in DO_WITHOUT_PEPPERS:
            raise NoPeppersError("HELPDESK_PEPPERS is missing")
        return kind(**parts)

    add_staff = _use_case(AddStaff)
    advance_call = _use_case(AdvanceCall)
    ask_for_reading = _use_case(AskForReading)
    ban_chat = _use_case(BanChat)
    cancel_call = _use_case(CancelCall)
    claim_call = _use_case(ClaimCall)
    clear_verification = _use_case(ClearVerification)
    close_ticket = _use_case(CloseTicket)
    correct_step = _use_case(CorrectStep)
    edit_number = _use_case(EditNumber)
    edit_talk = _use_case(EditTalk)
    end_visit = _use_case(EndVisit)
    expect_input = _use_case(ExpectInput)
    explain_verification = _use_case(ExplainVerification)
    forget_chat = _use_case(ForgetChat)
    forget_freelancer = _use_case(ForgetFreelancer)
    go_on_nudging = _use_case(GoOnNudging)
    inspect_link = _use_case(InspectLink)
    inspect_sign_in = _use_case(InspectSignIn)
    leave_ticket = _use_case(LeaveTicket)
    lift_ban = _use_case(LiftBan)
    link_chat = _use_case(LinkChat)
    list_staff = _use_case(ListStaff)
    list_tickets = _use_case(ListTickets)
    note_answers = _use_case(NoteAnswers)
    note_on_ticket = _use_case(NoteOnTicket)
    offer_by_contact = _use_case(OfferByContact)
    offer_link = _use_case(OfferLink)
    offer_sign_in = _use_case(OfferSignIn)
    open_article = _use_case(OpenArticle)
    open_ticket = _use_case(OpenTicket)
    rate_answer = _use_case(RateAnswer)
    read_call_screen = _use_case(ReadCallScreen)
    read_code = _use_case(ReadCode)
    read_dossier = _use_case(ReadDossier)
    read_figures = _use_case(ReadFigures)
    read_nudge = _use_case(ReadNudge)
    read_packet = _use_case(ReadPacket)
    read_progress = _use_case(ReadProgress)
    read_record = _use_case(ReadRecord)
    read_reminder = _use_case(ReadReminder)
    read_ticket = _use_case(ReadTicket)
    read_verification = _use_case(ReadVerification)
    read_visit = _use_case(ReadVisit)
    read_what_if = _use_case(ReadWhatIf)
    recall_article = _use_case(RecallArticle)
    recognise_staff = _use_case(RecogniseStaff)
    relay_from_freelancer = _use_case(RelayFromFreelancer)
    release_number = _use_case(ReleaseNumber)
    release_ticket = _use_case(ReleaseTicket)
    remove_staff = _use_case(RemoveStaff)
    reply_to_freelancer = _use_case(ReplyToFreelancer)
    request_call = _use_case(RequestCall)
    request_export = _use_case(RequestExport)
    review_call = _use_case(ReviewCall)
    say_whether_solved = _use_case(SayWhetherSolved)
    set_nudges = _use_case(SetNudges)
    set_verification = _use_case(SetVerification)
    sign_in = _use_case(SignIn)
    skip_reminder = _use_case(SkipReminder)
    submit_code = _use_case(SubmitCode)
    sweep = _use_case(Sweep)
    take_back = _use_case(TakeBack)
    take_contact = _use_case(TakeContact)
    take_pulled = _use_case(TakePulled)
    take_snapshot = _use_case(TakeSnapshot)
    take_snapshots = _use_case(TakeSnapshots)
    take_ticket = _use_case(TakeTicket)
    unlink_chat = _use_case(UnlinkChat)
    wipe_traces = _use_case(WipeTraces)


Provide: TypeAlias = Callable[[UnitOfWork], UseCases]
