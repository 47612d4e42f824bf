"""A call told event by event, for the tests of the machine."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from state.model.channel import Channel
from state.model.ledger import Attempts, CallHistory, LedgerEntry
from state.model.verification import (
    Ended,
    Ending,
    NumberKey,
    PlaceCall,
    Prompt,
    Round,
    SessionId,
    Verification,
)
from state.rules.call_events import (
    CallEvent,
    Claimed,
    CodeHeard,
    HungUp,
    KeyPressed,
    PickedUp,
    Placed,
    TimePassed,
)
from state.rules.call_steps import Advanced
from state.rules.calling import call_decision
from state.rules.rounds import attempts, round_of
from state.rules.verification import advance, open_call
from tests.support.builders import ADA, KEY, PERSON, a_destination, policy
from tests.support.fakes import START

RULES = policy().verification

Open = Callable[..., Verification]
Advance = Callable[..., Advanced]
Count = Callable[..., Attempts]


def heard(matches: bool | None, *, in_use: bool = False) -> CodeHeard:
    """What came for a code, where nothing was wrong before."""
    return CodeHeard(matches=matches, attempts=Attempts(), in_use=in_use)


@dataclass(slots=True)
class Story:
    """Who asks for calls and answers them; remembers what the bot said last, and its ledger."""

    now: datetime = START
    verification: Verification = field(default_factory=lambda: Verification(freelancer_id=ADA))
    prompt: Prompt | None = None
    calls: int = 0
    opening: Open = open_call
    advancing: Advance = advance
    counting: Count = attempts
    ledger: list[LedgerEntry] = field(default_factory=list)

    def after(self, gap: timedelta) -> "Story":
        self.now += gap
        return self

    def attempts(self, key: NumberKey | None) -> Attempts:
        return self.counting(self.ledger, PERSON, key, now=self.now, policy=RULES)

    @property
    def round(self) -> Round:
        found = self.attempts(None)
        return round_of(self.verification.proved, found, now=self.now, policy=RULES)

    def may_call(self, key: NumberKey = KEY) -> object:
        history = CallHistory(attempts=self.attempts(key))
        return call_decision(self.verification, key, history, now=self.now, policy=RULES)

    def ask_for_call(self, key: NumberKey = KEY, channel: Channel = Channel.CALL) -> bool:
        """False, and nothing happens, if no call may be placed."""
        self.happen(TimePassed())
        if self.may_call(key) != PlaceCall():
            return False
        self.calls += 1
        self.verification = self.opening(
            self.verification,
            session_id=SessionId(f"{self.calls:032x}"),
            person=PERSON,
            attempts=self.attempts(key),
            to=a_destination(key=key),
            channel=channel,
            seed=self.calls.to_bytes(16, "big"),
            pepper_id="p1",
            now=self.now,
            policy=RULES,
        )
        return True

    def happen(self, *events: CallEvent) -> "Story":
        for event in events:
            self._happen(event)
        return self

    def _happen(self, event: CallEvent) -> None:
        """A code comes with what the ledger has counted by then, and is written into it."""
        session = self.verification.session
        key = None if session is None else session.number_key
        if isinstance(event, CodeHeard):
            event = replace(event, attempts=self.attempts(key))
        before = self.verification.proved
        advanced = self.advancing(self.verification, event, now=self.now, policy=RULES)
        self.verification, self.prompt = advanced.verification, advanced.prompt
        if advanced.wrong_code is not None:
            self.ledger.append(advanced.wrong_code)
        if before is None and advanced.verification.proved is not None:
            self.ledger = [one for one in self.ledger if one.number != key]

    def pick_up(self, key: NumberKey = KEY) -> "Story":
        """Ask for a call and take it."""
        self.ask_for_call(key)
        return self.happen(Claimed(), Placed(f"CA{self.calls}"), PickedUp())

    def be_sent(self, key: NumberKey = KEY) -> "Story":
        """Ask for a message with a code, and have it sent."""
        self.ask_for_call(key, Channel.GATEWAY)
        return self.happen(Claimed(), Placed(f"M{self.calls}"))

    def reach_code(self, key: NumberKey = KEY) -> "Story":
        """Take a call and press the hash key."""
        return self.pick_up(key).happen(KeyPressed("#"))

    def say_wrong(self, times: int = 1) -> "Story":
        return self.happen(*[heard(matches=False)] * times)

    def say_right(self) -> "Story":
        return self.happen(heard(matches=True))

    def hang_up(self) -> "Story":
        """And let the moment pass in which a code could still arrive."""
        self.happen(HungUp(Ending.ABANDONED)).after(RULES.hang_up_grace)
        return self

    @property
    def how_it_ended(self) -> Ending | None:
        session = self.verification.session
        phase = None if session is None else session.phase
        return phase.how if isinstance(phase, Ended) else None
