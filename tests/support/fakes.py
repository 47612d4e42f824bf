"""Fakes of the ports `Clock` and `Dice`."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from state.model.verification import SessionId
from state.ports import Clock, Dice
from tests.memory.unit import InMemoryDatabase, InMemoryTransact, InMemoryUnit

__all__ = [
    "START",
    "FakeClock",
    "FixedDice",
    "InMemoryDatabase",
    "InMemoryTransact",
    "InMemoryUnit",
]

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass(slots=True)
class FakeClock:
    moment: datetime = START
    steady: bool = True

    def now(self) -> datetime:
        return self.moment

    def is_steady(self) -> bool:
        return self.steady

    def forward(
        self, *, hours: float = 0, minutes: float = 0, seconds: float = 0, milliseconds: float = 0
    ) -> datetime:
        self.moment += timedelta(
            hours=hours, minutes=minutes, seconds=seconds, milliseconds=milliseconds
        )
        return self.moment


@dataclass(slots=True)
class FixedDice:
    """Deterministic `Dice`: ids from a counter, the same in every run."""

    rolled: int = 0

    def session_id(self) -> SessionId:
        return SessionId(f"{self._next():032x}")

    def seed(self) -> bytes:
        return self._next().to_bytes(16, "big")

    def link_token(self) -> str:
        return f"token-{self._next()}"

    def link_code(self) -> str:
        return f"LINK{self._next():04d}"

    def _next(self) -> int:
        self.rolled += 1
        return self.rolled


def _fits(clock: FakeClock, dice: FixedDice) -> tuple[Clock, Dice]:
    """Never called: lets mypy check the fakes against the Protocols."""
    return (clock, dice)
