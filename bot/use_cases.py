"""Every use case, bound to one unit of work and to what the whole bot shares."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, TypeAlias, TypeVar

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

T = TypeVar("T")


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

    def by_name(self) -> dict[str, object]:
        """For the dispatcher, which injects by parameter name."""
        return {name: getattr(self, name) for name in self.names()}

    def _made(self, kind: type[T]) -> T:
        """A use case says by its fields what it needs, in the names of ours."""
        needed: Any = kind
        parts = {field.name: getattr(self, field.name) for field in fields(needed)}
        if parts.get("peppers", self) is None and kind is not TakeSnapshot:
            raise NoPeppersError("HELPDESK_PEPPERS is missing")
        return kind(**parts)

    @cached_property
    def advance_call(self) -> AdvanceCall:
        return self._made(AdvanceCall)

    @cached_property
    def cancel_call(self) -> CancelCall:
        return self._made(CancelCall)

    @cached_property
    def claim_call(self) -> ClaimCall:
        return self._made(ClaimCall)

    @cached_property
    def edit_number(self) -> EditNumber:
        return self._made(EditNumber)

    @cached_property
    def expect_input(self) -> ExpectInput:
        return self._made(ExpectInput)

    @cached_property
    def inspect_link(self) -> InspectLink:
        return self._made(InspectLink)

    @cached_property
    def link_chat(self) -> LinkChat:
        return self._made(LinkChat)

    @cached_property
    def offer_link(self) -> OfferLink:
        return self._made(OfferLink)

    @cached_property
    def read_call_screen(self) -> ReadCallScreen:
        return self._made(ReadCallScreen)

    @cached_property
    def read_progress(self) -> ReadProgress:
        return self._made(ReadProgress)

    @cached_property
    def read_reminder(self) -> ReadReminder:
        return self._made(ReadReminder)

    @cached_property
    def read_verification(self) -> ReadVerification:
        return self._made(ReadVerification)

    @cached_property
    def request_call(self) -> RequestCall:
        return self._made(RequestCall)

    @cached_property
    def review_call(self) -> ReviewCall:
        return self._made(ReviewCall)

    @cached_property
    def take_snapshot(self) -> TakeSnapshot:
        return self._made(TakeSnapshot)

    @cached_property
    def unlink_chat(self) -> UnlinkChat:
        return self._made(UnlinkChat)


Provide: TypeAlias = Callable[[UnitOfWork], UseCases]
