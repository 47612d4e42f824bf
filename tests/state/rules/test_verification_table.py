"""Every phase against every event: what leads where, and that all else changes nothing."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import product

import pytest

from state.model.channel import AwaitingTyped, Channel, Reached
from state.model.ledger import Attempts
from state.model.verification import (
    AwaitingAck,
    AwaitingCode,
    Closing,
    Dialing,
    Ended,
    Ending,
    LockedOut,
    Open,
    Phase,
    Placing,
    Queued,
    SessionId,
    Silence,
    Verification,
)
from state.rules.call_events import (
    Adopted,
    CallEvent,
    Cancelled,
    Claimed,
    CodeHeard,
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
from state.rules.call_steps import Advanced
from state.rules.verification import CallNotAllowedError, advance, open_call, running
from tests.state.rules.call_stories import RULES, Story, heard
from tests.support.builders import ADA, PERSON, a_destination, a_verification, wrong_codes
from tests.support.fakes import START

QUEUED, PLACING, DIALING = Queued(), Placing(START), Dialing()
ACK, CODE, CLOSING = AwaitingAck(), AwaitingCode(), Closing(START)
SENT, READ = AwaitingTyped(), AwaitingTyped(Reached.READ)
ACTIVE: tuple[Phase, ...] = (QUEUED, PLACING, DIALING, ACK, CODE, SENT, READ, CLOSING)


def over(how: Ending) -> Ended:
    return Ended(how, START)


BUSY = HungUp(Ending.BUSY)
COMPLETED = HungUp(Ending.ABANDONED)
REJECTED = PlaceFailed(Ending.NUMBER_REJECTED)
ARRIVED = MessageReached(Reached.DELIVERED)
RIGHT, WRONG, UNCLEAR = heard(matches=True), heard(matches=False), heard(matches=None)

LEGAL: dict[tuple[Phase, CallEvent], Phase] = {
    (QUEUED, Claimed()): PLACING,
    (PLACING, Deferred()): QUEUED,
    (QUEUED, Placed("CA1")): DIALING,
    (PLACING, Placed("CA1")): DIALING,
    (QUEUED, Adopted("CA1")): DIALING,
    (PLACING, Adopted("CA1")): DIALING,
    (QUEUED, REJECTED): over(Ending.NUMBER_REJECTED),
    (PLACING, REJECTED): over(Ending.NUMBER_REJECTED),
    (DIALING, PickedUp()): ACK,
    (ACK, KeyPressed("#")): CODE,
    (ACK, KeyPressed("9")): over(Ending.DECLINED),
    (ACK, KeyPressed("5")): AwaitingAck(1),
    (ACK, NothingPressed()): AwaitingAck(1),
    (CODE, UNCLEAR): AwaitingCode(1),
    (CODE, RIGHT): over(Ending.VERIFIED),
    (CLOSING, RIGHT): over(Ending.VERIFIED),
    (CLOSING, WRONG): over(Ending.ABANDONED),
    (CLOSING, UNCLEAR): over(Ending.ABANDONED),
    (QUEUED, BUSY): over(Ending.BUSY),
    (PLACING, BUSY): over(Ending.BUSY),
    (DIALING, BUSY): over(Ending.BUSY),
    (QUEUED, COMPLETED): over(Ending.ABANDONED),
    (PLACING, COMPLETED): over(Ending.ABANDONED),
    (DIALING, COMPLETED): over(Ending.ABANDONED),
    (ACK, BUSY): over(Ending.ABANDONED),
    (ACK, COMPLETED): over(Ending.ABANDONED),
    (CODE, BUSY): CLOSING,
    (CODE, COMPLETED): CLOSING,
    (SENT, RIGHT): over(Ending.VERIFIED),
    (READ, RIGHT): over(Ending.VERIFIED),
    (SENT, BUSY): over(Ending.BUSY),
    (SENT, COMPLETED): over(Ending.ABANDONED),
    (SENT, ARRIVED): AwaitingTyped(Reached.DELIVERED),
    **{(phase, Cancelled()): over(Ending.CANCELLED) for phase in ACTIVE},
}
EVENTS: Sequence[CallEvent] = (
    Claimed(),
    Deferred(),
    Placed("CA1"),
    Adopted("CA1"),
    REJECTED,
    PickedUp(),
    KeyPressed("#"),
    KeyPressed("9"),
    KeyPressed("5"),
    KeyPressed("*"),
    NothingPressed(),
    RIGHT,
    WRONG,
    UNCLEAR,
    ARRIVED,
    BUSY,
    COMPLETED,
    TimePassed(),
    Cancelled(),
)
DIALOGUE = (PickedUp, KeyPressed, NothingPressed, CodeHeard)


def put(verification: Verification, event: CallEvent) -> Advanced:
    return advance(verification, event, now=START, policy=RULES)


def phase_after(advanced: Advanced) -> Phase | None:
    session = advanced.verification.session
    return None if session is None else session.phase


@pytest.mark.attack("T17")
@pytest.mark.parametrize(("phase", "event"), list(product(ACTIVE, EVENTS)), ids=str)
def test_every_phase_handles_every_event_as_listed(phase: Phase, event: CallEvent) -> None:
    before = a_verification(phase, provider_sid="CA1")

    advanced = put(before, event)

    assert phase_after(advanced) == LEGAL.get((phase, event), phase)


@pytest.mark.parametrize("event", EVENTS, ids=str)
@pytest.mark.parametrize("how", list(Ending))
def test_an_ended_call_does_not_change(how: Ending, event: CallEvent) -> None:
    before = a_verification(over(how))

    advanced = put(before, event)

    expected = Silence() if isinstance(event, DIALOGUE) else None
    assert advanced == Advanced(verification=before, prompt=expected)


@pytest.mark.parametrize("event", EVENTS, ids=str)
def test_without_a_call_events_change_nothing(event: CallEvent) -> None:
    before = a_verification()

    assert put(before, event).verification == before


@pytest.mark.parametrize("event", EVENTS, ids=str)
@pytest.mark.parametrize("phase", ACTIVE, ids=str)
def test_any_event_after_the_codes_expiry_ends_the_call(phase: Phase, event: CallEvent) -> None:
    before = a_verification(phase)
    late = START + timedelta(minutes=10)

    advanced = advance(before, event, now=late, policy=RULES)

    never_asked = isinstance(phase, Queued)  # of the provider: then it is no code that ran out
    how = Ending.PROVIDER_FAILED if never_asked else Ending.EXPIRED
    assert phase_after(advanced) == Ended(how, late)


@pytest.mark.parametrize(
    ("phase", "age", "expected"),
    [
        (PLACING, timedelta(seconds=89.999), PLACING),
        (PLACING, timedelta(seconds=90), Ending.PROVIDER_FAILED),
        (CLOSING, timedelta(seconds=4.999), CLOSING),
        (CLOSING, timedelta(seconds=5), Ending.ABANDONED),
        (QUEUED, timedelta(minutes=9), QUEUED),
        (CODE, timedelta(minutes=9), CODE),
    ],
)
def test_timeouts_end_an_unfinished_call(
    phase: Phase, age: timedelta, expected: Phase | Ending
) -> None:
    now = START + age

    advanced = advance(a_verification(phase), TimePassed(), now=now, policy=RULES)

    ending = Ended(expected, now) if isinstance(expected, Ending) else expected
    assert phase_after(advanced) == ending


def test_a_call_that_exists_after_all_is_adopted_at_any_time() -> None:
    late = START + timedelta(seconds=200)

    advanced = advance(a_verification(PLACING), Adopted("CA7"), now=late, policy=RULES)

    assert phase_after(advanced) == DIALING


@pytest.mark.parametrize("phase", [DIALING, ACK, CODE, CLOSING], ids=str)
def test_a_provider_response_after_its_callbacks_supplies_the_call_id(phase: Phase) -> None:
    advanced = put(a_verification(phase), Placed("CA7"))

    session = running(advanced.verification)
    assert session is not None
    assert (session.provider_sid, session.phase) == ("CA7", phase)


@pytest.mark.parametrize("event", [Placed("M1"), Adopted("M1")])
@pytest.mark.parametrize("phase", [QUEUED, PLACING], ids=str)
def test_an_accepted_message_waits_for_its_code_in_the_chat(
    phase: Phase, event: CallEvent
) -> None:
    advanced = put(a_verification(phase, channel=Channel.GATEWAY), event)

    assert phase_after(advanced) == SENT


def test_a_code_of_a_message_counts_like_one_of_a_call() -> None:
    story = Story().reach_code().say_wrong(2).hang_up().after(timedelta(minutes=1)).be_sent()

    assert story.say_wrong().how_it_ended is Ending.LOCKED
    assert story.round == LockedOut(story.now + RULES.lock)


@pytest.mark.parametrize("event", [Placed("CA2"), Adopted("CA2")])
def test_an_event_with_another_call_id_changes_nothing(event: CallEvent) -> None:
    before = a_verification(PLACING, provider_sid="CA1")

    assert put(before, event).verification == before


def test_every_prompt_is_a_turn_of_its_own() -> None:
    story = Story().pick_up().happen(NothingPressed(), KeyPressed("#"), UNCLEAR, WRONG)

    session = running(story.verification)
    assert session is not None
    assert session.turn == 5


def test_in_a_locked_round_no_code_is_checked_even_with_an_open_call() -> None:
    locked = wrong_codes(locked_until=START + timedelta(hours=1))

    advanced = put(a_verification(CODE), CodeHeard(matches=True, attempts=locked))

    assert advanced.verification.proved is None
    assert advanced.wrong_code is None
    assert phase_after(advanced) == over(Ending.LOCKED)


@pytest.mark.parametrize(
    ("verification", "attempts"),
    [
        (a_verification(DIALING), wrong_codes()),
        (a_verification(), wrong_codes(locked_until=START + timedelta(hours=1))),
        (Story().reach_code().say_right().verification, wrong_codes()),
    ],
    ids=["a call is in course", "locked", "verified"],
)
def test_a_call_cannot_be_opened_without_a_positive_decision(
    verification: Verification, attempts: Attempts
) -> None:
    with pytest.raises(CallNotAllowedError, match=ADA):
        open_call(
            verification,
            session_id=SessionId("6" * 32),
            person=PERSON,
            attempts=attempts,
            to=a_destination(),
            seed=bytes(16),
            pepper_id="p1",
            now=START,
            policy=RULES,
        )


def test_a_round_without_wrong_codes_is_open() -> None:
    assert Story().reach_code().round == Open()
