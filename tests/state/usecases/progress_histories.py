"""Whatever may happen to a freelancer in the course of time, and what must be so after it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias, TypeVar, assert_never

from hypothesis import strategies as st

from state.model.account import Account, Done, PlanId, Progress, StepId
from state.model.verification import PlaceCall, SessionId
from state.ports import Transact
from state.rules.call_events import CallEvent, KeyPressed, PickedUp, Placed
from state.rules.codes import derive_code
from state.rules.progress import progress
from state.usecases.progress.read import NotFound
from state.usecases.verification.run_call import HeardDigits
from tests.state.usecases.desk import PEPPERS, UseCases
from tests.support.builders import ADA, NUMBER, a_profile, an_account, policy
from tests.support.fakes import START, FakeClock, FixedDice

T = TypeVar("T")
BASIC, METER, PHONE = StepId("basic_profile"), StepId("profile_80"), StepId("phone")
STEPS = (BASIC, METER, PHONE)
PAID = PlanId("individual")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A snapshot, read so many hours after the start, whenever it arrives."""

    hour: int
    plan: str = "basic"
    basic: bool | None = False
    meter: float | None = 35.0
    phone: bool | None = False

    @property
    def account(self) -> Account:
        missing = {True: (), False: ("tagline",), None: ()}[self.basic]
        unknown = {"tagline": None} if self.basic is None else {}
        return an_account(
            as_of=START + timedelta(hours=self.hour),
            plan=PlanId(self.plan),
            profile=a_profile(*missing, **unknown),
            completeness=self.meter,
            phone=NUMBER,
            phone_verified=self.phone,
        )

    @property
    def proves(self) -> frozenset[StepId]:
        return frozenset(
            step
            for step, proved in (
                (BASIC, self.basic),
                (METER, (self.meter or 0) >= 80),
                (PHONE, self.phone),
            )
            if proved
        )


@dataclass(frozen=True, slots=True)
class EnterCode:
    """A call, and the right code in it."""


@dataclass(frozen=True, slots=True)
class Correct:
    step: StepId
    done: bool


@dataclass(frozen=True, slots=True)
class Erase:
    pass


Happening: TypeAlias = Reading | EnterCode | Correct | Erase

READINGS = st.builds(
    Reading,
    hour=st.integers(0, 40),
    plan=st.sampled_from(["basic", "basic", "individual"]),
    basic=st.sampled_from([True, False, None]),
    meter=st.sampled_from([None, 0.0, 72.0, 79.6, 80.0, 95.0]),
    phone=st.sampled_from([True, False, None]),
)
HAPPENINGS = st.one_of(
    READINGS,
    READINGS,
    st.just(EnterCode()),
    st.builds(Correct, step=st.sampled_from((BASIC, METER)), done=st.booleans()),
    st.just(Correct(PHONE, done=True)),
    st.just(Erase()),
)


@dataclass(slots=True, kw_only=True)
class Expected:
    """What must be so, told without the rules that are tested."""

    held: Reading | None = None
    done: set[StepId] = field(default_factory=set)
    struck: dict[StepId, datetime] = field(default_factory=dict)

    def take(self, reading: Reading) -> None:
        if self.held is not None and reading.hour <= self.held.hour:
            return
        self.held = reading
        for step in reading.proves:
            self.prove(step, START + timedelta(hours=reading.hour))

    def prove(self, step: StepId, at: datetime) -> None:
        if at >= self.struck.get(step, at):
            self.struck.pop(step, None)
            self.done.add(step)

    def undo(self, step: StepId, at: datetime) -> None:
        self.struck.setdefault(step, at)
        self.done.discard(step)

    @property
    def earned(self) -> int | None:
        if self.held is not None and self.held.plan == PAID:
            return None if BASIC in self.done or self.held.basic is None else 0
        if self.done == set(STEPS):
            return 40
        known = self.done or self._anything_is_due
        return 10 * len(self.done) if known else None

    @property
    def _anything_is_due(self) -> bool:
        held = self.held
        if held is None:
            return False
        readings = {BASIC: held.basic, METER: held.meter, PHONE: held.phone}
        return any(value is not None for value in readings.values())


@dataclass(slots=True, kw_only=True)
class Life:
    """One freelancer in one database; each thing that happens is a transaction of its own."""

    transact: Transact
    clock: FakeClock = field(default_factory=lambda: FakeClock(START + timedelta(hours=41)))
    """After all readings."""
    dice: FixedDice = field(default_factory=FixedDice)
    expected: Expected = field(default_factory=Expected)

    async def live(self, happening: Happening) -> None:
        """A little later than what happened before."""
        self.clock.forward(hours=1)
        match happening:
            case Reading():
                await self._do(lambda do: do.take_snapshot(happening.account))
                self.expected.take(happening)
            case EnterCode():
                await self._enter_code()
            case Correct(step, done):
                await self._do(
                    lambda do: do.correct_step(ADA, step, done=done, reason="r", actor="staff:x")
                )
                if done:
                    self.expected.prove(step, self.clock.now())
                else:
                    self.expected.undo(step, self.clock.now())
            case Erase():
                await self._do(lambda do: do.forget_freelancer(ADA))
                self.expected = Expected()
            case _:
                assert_never(happening)

    async def progress(self) -> Progress | NotFound:
        return await self._do(lambda do: do.read_progress(ADA))

    async def on_basic(self) -> int | None:
        """What would be open on the basic plan, whatever plan it is."""

        async def read(do: UseCases) -> int | None:
            account = await do.unit.accounts.get(ADA)
            return progress(
                policy(),
                None if account is None else replace(account, plan=PlanId("basic")),
                await do.unit.accounts.completions(ADA),
                freelancer_id=ADA,
                now=self.clock.now(),
                revoked=await do.unit.accounts.revoked(ADA),
            ).earned

        return await self._do(read)

    async def _enter_code(self) -> None:
        """Days later, so that no limit of calls stands in the way."""
        self.clock.forward(hours=48)
        decision = await self._do(lambda do: do.request_call(ADA))
        if decision != PlaceCall():
            return
        found = await self._do(lambda do: do.unit.verifications.load(ADA))
        session = found.session
        assert session is not None
        await self._do(lambda do: do.claim_call(session.id))
        code = derive_code(PEPPERS, session.pepper_id, session.seed, session.number)
        steps = (Placed(f"CA{session.id}"), PickedUp(), KeyPressed("#"), HeardDigits(keyed=code))
        for step in steps:
            await self._do(partial(_advance, session.id, step))
        self.expected.prove(PHONE, self.clock.now())

    async def _do(self, work: Callable[[UseCases], Awaitable[T]]) -> T:
        return await self.transact(lambda unit: work(UseCases(unit, self.clock, self.dice)))


async def _advance(session_id: SessionId, event: CallEvent | HeardDigits, do: UseCases) -> None:
    await do.advance_call(session_id, event)


def done_steps(found: Progress | NotFound) -> set[StepId]:
    if isinstance(found, NotFound):
        return set()
    return {one.step for one in found.steps if isinstance(one.standing, Done)}


def in_order(readings: Sequence[Reading]) -> list[Reading]:
    return sorted(readings, key=lambda one: one.hour)
