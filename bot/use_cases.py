"""Every use case, bound to one unit of work and to what the whole bot shares."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from state.policy import Policy
from state.ports import Clock, Dice, UnitOfWork
from state.rules.codes import Peppers
from state.rules.phone_number import Reach
from state.usecases.advance_call import AdvanceCall
from state.usecases.cancel_call import CancelCall
from state.usecases.claim_call import ClaimCall
from state.usecases.edit_number import EditNumber
from state.usecases.expect_input import ExpectInput
from state.usecases.inspect_link import InspectLink
from state.usecases.link_chat import LinkChat
from state.usecases.offer_link import OfferLink
from state.usecases.read_call_screen import ReadCallScreen
from state.usecases.read_progress import ReadProgress
from state.usecases.read_reminder import ReadReminder
from state.usecases.read_verification import ReadVerification
from state.usecases.request_call import RequestCall
from state.usecases.review_call import ReviewCall
from state.usecases.take_snapshot import TakeSnapshot
from state.usecases.unlink_chat import UnlinkChat


class NoPeppersError(Exception):
    """Codes are asked for, and the settings hold no pepper to make them with."""


@dataclass(frozen=True, kw_only=True)
class UseCases:
    """Made for each unit of work; each use case only when it is asked for."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock
    dice: Dice
    peppers: Peppers | None
    reach: Reach

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """What handlers may ask for by name."""
        return tuple(name for name, made in vars(cls).items() if isinstance(made, cached_property))

    @cached_property
    def advance_call(self) -> AdvanceCall:
        return AdvanceCall(
            unit=self.unit, policy=self.policy, clock=self.clock, peppers=self._peppers()
        )

    @cached_property
    def cancel_call(self) -> CancelCall:
        return CancelCall(unit=self.unit, policy=self.policy, clock=self.clock)

    @cached_property
    def claim_call(self) -> ClaimCall:
        return ClaimCall(unit=self.unit, policy=self.policy, clock=self.clock)

    @cached_property
    def edit_number(self) -> EditNumber:
        return EditNumber(
            unit=self.unit,
            policy=self.policy,
            clock=self.clock,
            peppers=self._peppers(),
            reach=self.reach,
        )

    @cached_property
    def expect_input(self) -> ExpectInput:
        return ExpectInput(unit=self.unit)

    @cached_property
    def inspect_link(self) -> InspectLink:
        return InspectLink(unit=self.unit, clock=self.clock)

    @cached_property
    def link_chat(self) -> LinkChat:
        return LinkChat(unit=self.unit, policy=self.policy, clock=self.clock)

    @cached_property
    def offer_link(self) -> OfferLink:
        return OfferLink(unit=self.unit, clock=self.clock, dice=self.dice)

    @cached_property
    def read_call_screen(self) -> ReadCallScreen:
        return ReadCallScreen(
            unit=self.unit, policy=self.policy, clock=self.clock, peppers=self._peppers()
        )

    @cached_property
    def read_progress(self) -> ReadProgress:
        return ReadProgress(unit=self.unit, policy=self.policy, clock=self.clock)

    @cached_property
    def read_reminder(self) -> ReadReminder:
        return ReadReminder(unit=self.unit, policy=self.policy, clock=self.clock)

    @cached_property
    def read_verification(self) -> ReadVerification:
        return ReadVerification(
            unit=self.unit,
            policy=self.policy,
            clock=self.clock,
            peppers=self._peppers(),
            reach=self.reach,
        )

    @cached_property
    def request_call(self) -> RequestCall:
        return RequestCall(
            unit=self.unit,
            policy=self.policy,
            clock=self.clock,
            dice=self.dice,
            peppers=self._peppers(),
            reach=self.reach,
        )

    @cached_property
    def review_call(self) -> ReviewCall:
        return ReviewCall(unit=self.unit, policy=self.policy, clock=self.clock)

    @cached_property
    def take_snapshot(self) -> TakeSnapshot:
        return TakeSnapshot(
            unit=self.unit,
            policy=self.policy,
            clock=self.clock,
            peppers=self.peppers,
            reach=self.reach,
        )

    @cached_property
    def unlink_chat(self) -> UnlinkChat:
        return UnlinkChat(unit=self.unit, policy=self.policy, clock=self.clock)

    def by_name(self) -> dict[str, object]:
        """For the dispatcher, which injects by parameter name."""
        return {name: getattr(self, name) for name in self.names()}

    def _peppers(self) -> Peppers:
        if self.peppers is None:
            raise NoPeppersError("HELPDESK_PEPPERS is missing")
        return self.peppers


Provide: TypeAlias = Callable[[UnitOfWork], UseCases]
