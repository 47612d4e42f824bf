"""The use cases of talks with people, over one unit of work."""

from dataclasses import dataclass
from datetime import UTC, timedelta

from state.model.staff import Role, StaffId
from state.ports import UnitOfWork
from state.rules.codes import Peppers
from state.rules.office_hours import Office, parse_hours
from state.rules.phone_number import CallableNumbers
from state.usecases.staff.members import AddStaff, ListStaff, RecogniseStaff, RemoveStaff
from state.usecases.tickets.ban import BanChat, LiftBan
from state.usecases.tickets.close import CloseTicket, LeaveTicket, SayWhetherSolved
from state.usecases.tickets.hold import NoteOnTicket, ReleaseTicket, TakeTicket
from state.usecases.tickets.open import OpenTicket
from state.usecases.tickets.read import ListTickets, ReadTicket
from state.usecases.tickets.relay_message import (
    EditTalk,
    RelayFromFreelancer,
    ReplyToFreelancer,
    TakeBack,
)
from tests.support.builders import policy
from tests.support.fakes import FakeClock

PEPPERS = Peppers((("p1", bytes(range(32))),))
REACH = CallableNumbers(regions=frozenset({"GB", "GG", "DE", "US"}))
ROSTER = {StaffId(1): Role.ADMIN}
OFFICE = Office(
    zone=UTC, shifts=parse_hours("mon-fri 09:00-17:00"), answer_within=timedelta(minutes=30)
)


@dataclass(frozen=True, slots=True)
class TalkUseCases:
    unit: UnitOfWork
    clock: FakeClock

    @property
    def open_ticket(self) -> OpenTicket:
        return OpenTicket(
            unit=self.unit, clock=self.clock, office=OFFICE, peppers=PEPPERS, hand_over_limit=5
        )

    @property
    def take_ticket(self) -> TakeTicket:
        return TakeTicket(unit=self.unit, clock=self.clock)

    @property
    def release_ticket(self) -> ReleaseTicket:
        return ReleaseTicket(unit=self.unit, clock=self.clock)

    @property
    def close_ticket(self) -> CloseTicket:
        return CloseTicket(unit=self.unit, clock=self.clock)

    @property
    def leave_ticket(self) -> LeaveTicket:
        return LeaveTicket(unit=self.unit, clock=self.clock)

    @property
    def say_whether_solved(self) -> SayWhetherSolved:
        return SayWhetherSolved(unit=self.unit, clock=self.clock)

    @property
    def relay_from_freelancer(self) -> RelayFromFreelancer:
        return RelayFromFreelancer(unit=self.unit, clock=self.clock)

    @property
    def reply_to_freelancer(self) -> ReplyToFreelancer:
        return ReplyToFreelancer(unit=self.unit, clock=self.clock)

    @property
    def edit_talk(self) -> EditTalk:
        return EditTalk(unit=self.unit, clock=self.clock)

    @property
    def take_back(self) -> TakeBack:
        return TakeBack(unit=self.unit, clock=self.clock)

    @property
    def note_on_ticket(self) -> NoteOnTicket:
        return NoteOnTicket(unit=self.unit, clock=self.clock)

    @property
    def ban_chat(self) -> BanChat:
        return BanChat(unit=self.unit, clock=self.clock)

    @property
    def lift_ban(self) -> LiftBan:
        return LiftBan(unit=self.unit, clock=self.clock)

    @property
    def list_tickets(self) -> ListTickets:
        return ListTickets(unit=self.unit)

    @property
    def read_ticket(self) -> ReadTicket:
        return ReadTicket(
            unit=self.unit,
            policy=policy(),
            clock=self.clock,
            peppers=PEPPERS,
            callable_numbers=REACH,
        )

    @property
    def recognise_staff(self) -> RecogniseStaff:
        return RecogniseStaff(unit=self.unit, roster=ROSTER)

    @property
    def list_staff(self) -> ListStaff:
        return ListStaff(unit=self.unit, roster=ROSTER)

    @property
    def add_staff(self) -> AddStaff:
        return AddStaff(unit=self.unit, clock=self.clock)

    @property
    def remove_staff(self) -> RemoveStaff:
        return RemoveStaff(unit=self.unit, clock=self.clock)
