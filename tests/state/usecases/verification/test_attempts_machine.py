"""Random lives of several people and numbers: nobody gets a fourth guess in a day (T70).

What is done to them between, erasure, links, success elsewhere, corrections by staff, changes
nothing in that. Three ledgers with a seeded fault show that the search finds what it looks for.
"""

import asyncio
import os
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from state.model.account import FreelancerId
from state.model.channel import AwaitingTyped, Channel
from state.model.verification import Ending, Farewell, NumberKey, PersonKey, Prompt, WrongCode
from state.policy import Policy
from state.rules.call_events import Placed
from state.rules.codes import derive_code, person_key
from state.rules.verification import running
from state.usecases.privacy.forget import ForgetFreelancer
from state.usecases.verification.by_hand import ClearVerification, SetVerification
from state.usecases.verification.number import EditNumber
from state.usecases.verification.request_call import CancelCall, RequestCall
from state.usecases.verification.run_call import AdvanceCall, HeardDigits
from tests.memory.ledger import MemoryLedger
from tests.memory.tables import Tables
from tests.state.usecases.talking import PEPPERS, REACH
from tests.support.builders import policy
from tests.support.fakes import FakeClock, FixedDice, InMemoryUnit

T = TypeVar("T")
DAY = timedelta(hours=24)
PEOPLE = st.sampled_from([FreelancerId(f"f-{number}") for number in (1, 2, 3)])
NUMBERS = st.sampled_from([f"+44791112345{last}" for last in (6, 7, 8)])
GAPS = st.sampled_from(
    [timedelta(minutes=1), timedelta(hours=7), DAY - timedelta(milliseconds=1), DAY]
)


def free_of_other_limits() -> Policy:
    """So that nothing but the wrong codes is in a guesser's way."""
    rules = replace(
        policy().verification,
        call_pause=timedelta(),
        calls_per_number=10_000,
        calls_per_freelancer=10_000,
        asks_per_freelancer=10_000,
        calls_per_block=10_000,
        calls_per_region=10_000,
        calls_per_desk=10_000,
    )
    return replace(policy(), verification=rules)


@dataclass(frozen=True, slots=True)
class Guess:
    at: datetime
    person: FreelancerId
    number: str | None
    """None: cleared for the number, by who proved it."""


class Lives(RuleBasedStateMachine):
    """Everybody over one in-memory unit, and a witness who writes down each code judged wrong."""

    ledger: type[MemoryLedger] = MemoryLedger

    def __init__(self) -> None:
        super().__init__()
        unit = _unit_with(self.ledger)
        self.clock, self.policy = FakeClock(), free_of_other_limits()
        self.unit = unit
        common: dict[str, Any] = {"unit": unit, "policy": self.policy, "clock": self.clock}
        secret = {**common, "peppers": PEPPERS}
        whole = {**secret, "callable_numbers": REACH}
        self.request_call = RequestCall(**whole, dice=FixedDice())
        self.advance_call = AdvanceCall(**secret)
        self.edit_number = EditNumber(**whole)
        self.cancel_call = CancelCall(**common)
        self.forget_freelancer = ForgetFreelancer(**common)
        self.set_verification = SetVerification(**whole)
        self.clear_verification = ClearVerification(**secret)
        self.loop = asyncio.new_event_loop()
        self.guesses: list[Guess] = []

    def teardown(self) -> None:
        self.loop.close()

    def do(self, work: Awaitable[T]) -> T:
        return self.loop.run_until_complete(_awaited(work))

    # ------------------------------------------------------------ what people do

    @rule(gap=GAPS)
    def time_passes(self, gap: timedelta) -> None:
        self.clock.moment += gap

    @rule(person=PEOPLE, number=NUMBERS)
    def asks_for_a_code(self, person: FreelancerId, number: str) -> None:
        self.do(self.edit_number(person, number))
        self.do(self.request_call(person, Channel.GATEWAY))
        session = self._session(person)
        if session is not None:
            self.do(self.advance_call(session.id, Placed(f"M-{session.id}")))

    @rule(person=PEOPLE, times=st.integers(1, 3))
    def guesses_wrong(self, person: FreelancerId, times: int) -> None:
        for _ in range(times):
            session = self._session(person)
            if session is None or not isinstance(session.phase, AwaitingTyped):
                return
            said = self._enter(person, right=False)
            if isinstance(said, WrongCode) or said == Farewell(Ending.LOCKED):
                self.guesses.append(Guess(self.clock.now(), person, session.number))

    @rule(person=PEOPLE)
    def proves_a_number(self, person: FreelancerId) -> None:
        session = self._session(person)
        if session is None or not isinstance(session.phase, AwaitingTyped):
            return
        if self._enter(person, right=True) == Farewell(Ending.VERIFIED):
            self._cleared(person, session.number)

    @rule(person=PEOPLE, number=NUMBERS, times=st.integers(1, 2))
    def tries_a_number(self, person: FreelancerId, number: str, times: int) -> None:
        self.asks_for_a_code(person, number)
        self.guesses_wrong(person, times)
        self.do(self.cancel_call(person))

    @rule(person=PEOPLE, number=NUMBERS)
    def asks_and_proves(self, person: FreelancerId, number: str) -> None:
        self.asks_for_a_code(person, number)
        self.proves_a_number(person)

    @rule(person=PEOPLE)
    def cancels(self, person: FreelancerId) -> None:
        self.do(self.cancel_call(person))

    @rule(person=PEOPLE)
    def is_erased(self, person: FreelancerId) -> None:
        self.do(self.forget_freelancer(person))

    @rule(person=PEOPLE)
    def is_cleared_by_staff(self, person: FreelancerId) -> None:
        self.do(self.clear_verification(person, reason="r", actor="staff:eve"))

    def _session(self, person: FreelancerId) -> Any:
        return running(self.do(self.unit.verifications.load(person)))

    def _enter(self, person: FreelancerId, *, right: bool) -> Prompt:
        session = self._session(person)
        code = derive_code(PEPPERS, session.pepper_id, session.seed, session.number)
        keyed = code if right else f"{(int(code) + 1) % 1_000_000:06d}"
        return self.do(self.advance_call(session.id, HeardDigits(keyed=keyed)))

    def _cleared(self, person: FreelancerId, number: str) -> None:
        kept = [one for one in self.guesses if (one.person, one.number) != (person, number)]
        self.guesses = [replace(one, number=None) if one.number == number else one for one in kept]

    # ------------------------------------------------------------ what must hold

    @invariant()
    def no_person_has_a_fourth_guess_in_a_day(self) -> None:
        for person in {one.person for one in self.guesses}:
            self._at_most_three([one.at for one in self.guesses if one.person == person])

    @invariant()
    def no_number_has_a_fourth_guess_in_a_day(self) -> None:
        for number in {one.number for one in self.guesses} - {None}:
            self._at_most_three([one.at for one in self.guesses if one.number == number])

    def _at_most_three(self, moments: list[datetime]) -> None:
        for last in moments:
            within = [at for at in moments if last - DAY < at <= last]
            assert len(within) <= self.policy.verification.attempts


async def _awaited(work: Awaitable[T]) -> T:
    return await work


def _unit_with(kind: type[MemoryLedger]) -> InMemoryUnit:
    class Unit(InMemoryUnit):
        @property
        def ledger(self) -> MemoryLedger:
            return kind(self.tables)

    return Unit(Tables())


class ForgetsTheErased(MemoryLedger):
    """Seed a fault: an erasure takes what was counted of the person with it."""

    async def release_later(self, freelancer_id: FreelancerId, until: datetime) -> None:
        await super().release_later(freelancer_id, until)
        person = person_key(PEPPERS, freelancer_id)
        for key, one in list(self.tables.ledger.items()):
            if one.person == person:
                del self.tables.ledger[key]


class ClearsEverything(MemoryLedger):
    """Seed a fault: a success clears what the person had wrong at any number."""

    async def clear(self, person: PersonKey, number: NumberKey) -> None:
        for key, one in list(self.tables.ledger.items()):
            if one.person == person:
                del self.tables.ledger[key]


class KnowsNoNumbers(MemoryLedger):
    """Seed a fault: what others brought for the number is not counted."""

    async def about(self, person: PersonKey, number: NumberKey | None, *, since: datetime) -> Any:
        return await super().about(person, None, since=since)


THOROUGH = settings(
    max_examples=int(os.environ.get("HELPDESK_TEST_EXAMPLES", "300")),
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
SEARCH = settings(THOROUGH, phases=(Phase.generate,), derandomize=True, max_examples=1000)


@pytest.mark.attack("T70")
def test_no_sequence_of_events_allows_a_fourth_wrong_code() -> None:
    run_state_machine_as_test(Lives, settings=THOROUGH)


@pytest.mark.parametrize("broken", [ForgetsTheErased, ClearsEverything, KnowsNoNumbers])
def test_a_ledger_that_gives_attempts_away_is_detected(broken: type[MemoryLedger]) -> None:
    class Broken(Lives):
        ledger = broken

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Broken, settings=SEARCH)
