"""Random lives of a verification: no order of calls, codes and waits gives a fourth guess.

Three broken machines show that the search can find what it looks for. A longer search, say at
night, is HELPDESK_TEST_EXAMPLES=3000.
"""

import os
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from state.model.channel import AwaitingTyped, Channel, Reached
from state.model.ledger import Attempts
from state.model.verification import (
    AwaitingCode,
    CallSession,
    Closing,
    Ended,
    Ending,
    LockedOut,
    NumberKey,
    Open,
    SessionId,
    Verification,
)
from state.rules.call_events import (
    Adopted,
    CallEvent,
    Cancelled,
    Claimed,
    Deferred,
    HungUp,
    KeyPressed,
    MessageReached,
    NothingPressed,
    PickedUp,
    Placed,
    PlaceFailed,
    TimePassed,
)
from state.rules.call_steps import Advanced, overdue
from state.rules.rounds import attempts
from state.rules.verification import advance, open_call, running
from tests.state.rules.call_stories import RULES, Story, heard
from tests.support.builders import KEY, OTHER_KEY

DAY = timedelta(hours=24)
GAPS = st.sampled_from(
    [
        timedelta(milliseconds=1),
        timedelta(seconds=30),
        timedelta(minutes=9),
        timedelta(minutes=11),
        timedelta(hours=7),
        timedelta(hours=23),
        DAY - timedelta(milliseconds=1),
        DAY,
    ]
)
STRAY: st.SearchStrategy[CallEvent] = st.sampled_from(
    [
        Claimed(),
        Deferred(),
        Placed("CA1"),
        Adopted("CA9"),
        PlaceFailed(Ending.NUMBER_REJECTED),
        PickedUp(),
        KeyPressed("#"),
        KeyPressed("*"),
        NothingPressed(),
        heard(matches=None),
        heard(matches=True),
        heard(matches=False),
        HungUp(Ending.BUSY),
        HungUp(Ending.ABANDONED),
        MessageReached(Reached.READ),
        TimePassed(),
        Cancelled(),
    ]
)


class Lives(RuleBasedStateMachine):
    """One freelancer's verification, and what an honest witness writes down beside it."""

    opening = staticmethod(open_call)
    advancing = staticmethod(advance)
    counting = staticmethod(attempts)

    def __init__(self) -> None:
        super().__init__()
        self.story = Story(opening=self.opening, advancing=self.advancing, counting=self.counting)
        self.number = KEY
        self.judged_wrong: list[tuple[datetime, NumberKey]] = []
        self.locked_until: datetime | None = None
        self.over: dict[SessionId, CallSession] = {}

    def put(self, event: CallEvent) -> None:
        """Let it happen, and write down what an observer of the call would."""
        listening = self.listening
        before = self.story.verification
        self.story.happen(event)
        at = before.session.number_key if before.session is not None else KEY
        if self.story.how_it_ended is Ending.VERIFIED and before != self.story.verification:
            self.judged_wrong = [one for one in self.judged_wrong if one[1] != at]
        if listening and event == heard(matches=False):
            self.judged_wrong.append((self.story.now, at))
        if self.story.how_it_ended is Ending.LOCKED and before != self.story.verification:
            self.locked_until = self.story.now + RULES.lock

    @property
    def listening(self) -> bool:
        """Whether a code that comes now is judged."""
        session = running(self.story.verification)
        return (
            session is not None
            and isinstance(session.phase, AwaitingCode | AwaitingTyped | Closing)
            and overdue(session, now=self.story.now, policy=RULES) is None
        )

    @property
    def phase(self) -> Any:
        session = running(self.story.verification)
        return None if session is None else session.phase

    # ------------------------------------------------------------ what people do

    @rule(gap=GAPS)
    def time_passes(self, gap: timedelta) -> None:
        self.story.after(gap)

    @precondition(lambda self: self.phase is None)
    @rule()
    def asks_for_a_call_and_takes_it(self) -> None:
        if self.story.ask_for_call(self.number):
            assert self.locked_until is None or self.story.now >= self.locked_until
            for event in (Claimed(), Placed("CA1"), PickedUp(), KeyPressed("#")):
                self.put(event)

    @precondition(lambda self: self.phase is None)
    @rule()
    def asks_for_a_call(self) -> None:
        self.story.ask_for_call(self.number)

    @precondition(lambda self: self.phase is None)
    @rule()
    def asks_for_a_message(self) -> None:
        if self.story.ask_for_call(self.number, Channel.GATEWAY):
            self.put(Claimed())
            self.put(Placed("M1"))

    @precondition(lambda self: isinstance(self.phase, AwaitingCode | AwaitingTyped | Closing))
    @rule(times=st.integers(1, 3))
    def says_wrong_codes(self, times: int) -> None:
        for _ in range(times):
            self.put(heard(matches=False))

    @precondition(lambda self: isinstance(self.phase, AwaitingCode))
    @rule(waits=st.booleans())
    def hangs_up(self, waits: bool) -> None:
        self.put(HungUp(Ending.ABANDONED))
        self.story.after(RULES.hang_up_grace if waits else timedelta())
        self.put(TimePassed())

    @precondition(lambda self: self.phase is None)
    @rule()
    def the_number_changes(self) -> None:
        self.number = OTHER_KEY if self.number == KEY else NumberKey(KEY)

    @rule(event=STRAY)
    def anything_arrives_at_any_time(self, event: CallEvent) -> None:
        self.put(event)

    # ------------------------------------------------------------ what must hold

    @invariant()
    def never_more_than_three_wrong_codes_in_a_day(self) -> None:
        recent = [at for at, _ in self.judged_wrong if at > self.story.now - DAY]
        assert len(recent) <= RULES.attempts

    @invariant()
    def a_lock_is_never_left_early(self) -> None:
        if self.locked_until is not None and self.story.now < self.locked_until:
            assert self.story.round == LockedOut(self.locked_until)

    @invariant()
    def the_third_wrong_code_of_an_open_round_locks(self) -> None:
        found = self.story.round
        assert not isinstance(found, Open) or len(found.wrong_at) < RULES.attempts

    @invariant()
    def what_has_ended_never_changes(self) -> None:
        session = self.story.verification.session
        if session is not None and isinstance(session.phase, Ended):
            assert self.over.setdefault(session.id, session) == session


def counts_for_the_number_alone(*given: Any, **more: Any) -> Attempts:
    """Seed a fault: another number brings other attempts."""
    found = attempts(*given, **more)
    return replace(found, of_person=(), person_locked_until=None)


def forgets_what_is_an_hour_old(*given: Any, now: datetime, **more: Any) -> Attempts:
    """Seed a fault: a wrong code counts for an hour, unless it locked."""
    found = attempts(*given, now=now, **more)
    recent = tuple(at for at in found.of_person if now < at + timedelta(hours=1))
    return replace(found, of_person=recent, at_number=recent)


def counts_nothing_when_hung_up(
    verification: Verification, event: CallEvent, **given: Any
) -> Advanced:
    """Seed a fault: a wrong code on its way when the line is closed is not counted."""
    advanced = advance(verification, event, **given)
    session = running(verification)
    if session is None or not isinstance(session.phase, Closing):
        return advanced
    return replace(advanced, wrong_code=None)


class CountsForTheNumberAlone(Lives):
    counting = staticmethod(counts_for_the_number_alone)


class ForgetsWhatIsAnHourOld(Lives):
    counting = staticmethod(forgets_what_is_an_hour_old)


class CountsNothingWhenHungUp(Lives):
    advancing = staticmethod(counts_nothing_when_hung_up)


THOROUGH = settings(
    max_examples=int(os.environ.get("HELPDESK_TEST_EXAMPLES", "300")),
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
SEARCH = settings(THOROUGH, phases=(Phase.generate,), derandomize=True, max_examples=1000)


def test_no_sequence_of_events_breaks_the_invariants() -> None:
    run_state_machine_as_test(Lives, settings=THOROUGH)


@pytest.mark.parametrize(
    "broken", [CountsForTheNumberAlone, ForgetsWhatIsAnHourOld, CountsNothingWhenHungUp]
)
def test_a_machine_that_gives_attempts_away_is_detected(broken: type[Lives]) -> None:
    with pytest.raises(AssertionError):
        run_state_machine_as_test(broken, settings=SEARCH)
