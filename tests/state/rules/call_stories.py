"""A call told event by event, for the tests of the machine."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from state.model.channel import Channel
from state.model.verification import (
    CallHistory,
    Ended,
    Ending,
    NumberKey,
    PlaceCall,
    Prompt,
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
from state.rules.verification import advance, open_call
from tests.builders import ADA, KEY, a_destination, policy
from tests.fakes import START

RULES = policy().verification

Open = Callable[..., Verification]
Advance = Callable[..., Advanced]


@dataclass(slots=True)
class Story:
    """Who asks for calls and answers them; remembers what the bot said last."""

    now: datetime = START
    verification: Verification = field(default_factory=lambda: Verification(freelancer_id=ADA))
    prompt: Prompt | None = None
    calls: int = 0
    opening: Open = open_call
    advancing: Advance = advance

    def after(self, gap: timedelta) -> "Story":
        self.now += gap
        return self

    def may_call(self, key: NumberKey = KEY, history: CallHistory | None = None) -> object:
        return call_decision(
            self.verification, key, history or CallHistory(), now=self.now, policy=RULES
        )

    def ask_for_call(self, key: NumberKey = KEY, channel: Channel = Channel.CALL) -> bool:
        """False, and nothing happens, if no call may be placed."""
        self.happen(TimePassed())
        if self.may_call(key) != PlaceCall():
            return False
        self.calls += 1
        self.verification = self.opening(
            self.verification,
            session_id=SessionId(f"{self.calls:032x}"),
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
            advanced = self.advancing(self.verification, event, now=self.now, policy=RULES)
            self.verification, self.prompt = advanced.verification, advanced.prompt
        return self

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
        return self.happen(*[CodeHeard(matches=False)] * times)

    def say_right(self) -> "Story":
        return self.happen(CodeHeard(matches=True))

    def hang_up(self) -> "Story":
        """And let the moment pass in which a code could still arrive."""
        self.happen(HungUp(Ending.ABANDONED)).after(RULES.hang_up_grace)
        return self

    @property
    def how_it_ended(self) -> Ending | None:
        session = self.verification.session
        phase = None if session is None else session.phase
        return phase.how if isinstance(phase, Ended) else None
