"""From the text of a policy to its values; code knows no marketplace by name."""

import tomllib
from collections.abc import Callable
from datetime import timedelta
from importlib import resources
from typing import Any, TypeVar

from state.model.account import ItemId, PlanId, StepId
from state.policy.values import (
    Item,
    ItemsStep,
    MeterStep,
    PhoneStep,
    Plan,
    Policy,
    Step,
    Support,
    VerificationPolicy,
)

T = TypeVar("T")


class BadPolicyError(Exception):
    """The text is no policy; the message is one sentence that names the key."""


class Table:
    """A TOML table that knows its place in the file and which of its keys were asked for."""

    def __init__(self, place: str, values: dict[str, Any]) -> None:
        self._place = place
        self._values = dict(values)

    def name(self, key: str) -> str:
        return f"{self._place}.{key}" if self._place else key

    def text(self, key: str, default: str | None = None) -> str:
        value = self._take(key, default)
        return value if isinstance(value, str) else self._refuse(key, "a text")

    def flag(self, key: str) -> bool:
        value = self._take(key)
        return value if isinstance(value, bool) else self._refuse(key, "true or false")

    def whole(
        self, key: str, least: int = 0, most: int = 1_000_000, *, default: int | None = None
    ) -> int:
        value = self._take(key, default)
        fits = type(value) is int and least <= value <= most
        return int(value) if fits else self._refuse(key, f"a whole number, {least} to {most}")

    def percent(self, key: str) -> float:
        value = self._take(key)
        fits = type(value) in {int, float} and 0 < value <= 100  # noqa: PLR2004 - per cent
        return float(value) if fits else self._refuse(key, "a percentage above 0")

    def inner(self, key: str) -> "Table":
        value = self._take(key)
        fits = isinstance(value, dict)
        return Table(self.name(key), value) if fits else self._refuse(key, "a table")

    def each(
        self, key: str, make: Callable[["Table"], T], *, empty: bool = False
    ) -> tuple[T, ...]:
        rows = self._take(key, [] if empty else None)
        if not isinstance(rows, list) or not (rows or empty):
            self._refuse(key, "a list of tables")
        made: dict[str, T] = {}
        for number, row in enumerate(rows, start=1):
            place = f"{self.name(key)}[{number}]"
            if not isinstance(row, dict):
                raise BadPolicyError(f"`{place}` must be a table.")
            table = Table(place, row)
            one = make(table)
            table.close()
            if row["id"] in made:
                raise BadPolicyError(f"`{place}.id` repeats “{row['id']}”.")
            made[row["id"]] = one
        return tuple(made.values())

    def close(self) -> None:
        """Whatever was not asked for is a misspelling."""
        if self._values:
            raise BadPolicyError(f"`{self.name(next(iter(self._values)))}` is not a known key.")

    def _take(self, key: str, default: Any = None) -> Any:
        value = self._values.pop(key, default)
        if value is None:
            raise BadPolicyError(f"`{self.name(key)}` is missing.")
        return value

    def _refuse(self, key: str, wanted: str) -> Any:
        raise BadPolicyError(f"`{self.name(key)}` must be {wanted}.")


ASKS_PER_FREELANCER = 15
"""Where a policy from before this rule does not say."""
NUMBER_REUSE_DAYS = 90


def shipped() -> Policy:
    return parse(resources.files("state").joinpath("policy.toml").read_text("utf-8"))


def parse(text: str) -> Policy:
    """Read a policy; BadPolicyError if a key is missing, unknown, doubled or of a wrong kind."""
    try:
        table = Table("", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadPolicyError(f"The policy is not TOML: {error}.") from error
    except RecursionError:
        raise BadPolicyError("The policy is nested too deeply.") from None
    policy = Policy(
        allowance=table.whole("allowance"),
        stale_after=timedelta(hours=table.whole("stale_after_hours")),
        plans=table.each("plans", _plan),
        steps=table.each("steps", _step),
        verification=_verification(table.inner("verification")),
        support=_support(table.inner("support")),
    )
    table.close()
    if policy.undocumented < 0:
        raise BadPolicyError("The steps together give more Connects than `allowance`.")
    return policy


def _plan(table: Table) -> Plan:
    return Plan(id=PlanId(table.text("id")), name=table.text("name"), paid=table.flag("paid"))


def _item(table: Table) -> Item:
    return Item(
        id=ItemId(table.text("id")),
        name=table.text("name"),
        path=table.text("path", ""),
        url=table.text("url", ""),
    )


def _step(table: Table) -> Step:
    shared: dict[str, Any] = {
        "id": StepId(table.text("id")),
        "name": table.text("name"),
        "connects": table.whole("connects"),
        "needed_when_paid": table.flag("needed_when_paid"),
        "path": table.text("path", ""),
        "url": table.text("url", ""),
        "article": table.text("article", ""),
    }
    kind = table.text("kind")
    match kind:
        case "items":
            return ItemsStep(**shared, items=table.each("items", _item))
        case "meter":
            ways = table.each("quick_ways", _item, empty=True)
            return MeterStep(**shared, threshold=table.percent("threshold"), quick_ways=ways)
        case "phone":
            return PhoneStep(**shared)
        case _:
            raise BadPolicyError(f"`{table.name('kind')}` must be items, meter or phone.")


def _support(table: Table) -> Support:
    support = Support(name=table.text("name"), url=table.text("url"))
    table.close()
    return support


def _verification(table: Table) -> VerificationPolicy:
    rules = VerificationPolicy(
        attempts=table.whole("attempts", 1),
        lock=timedelta(hours=table.whole("lock_hours", 1)),
        code_digits=table.whole("code_digits", 4, 8),
        code_lifetime=timedelta(minutes=table.whole("code_lifetime_minutes", 1)),
        misheard_limit=table.whole("misheard_limit"),
        place_timeout=timedelta(seconds=table.whole("place_timeout_seconds", 1)),
        hang_up_grace=timedelta(seconds=table.whole("hang_up_grace_seconds")),
        call_pause=timedelta(seconds=table.whole("call_pause_seconds")),
        calls_per_number=table.whole("calls_per_number", 1),
        calls_per_freelancer=table.whole("calls_per_freelancer", 1),
        asks_per_freelancer=table.whole("asks_per_freelancer", 1, default=ASKS_PER_FREELANCER),
        calls_per_block=table.whole("calls_per_block", 1),
        calls_per_region=table.whole("calls_per_region", 1),
        calls_per_desk=table.whole("calls_per_desk", 1),
        provider_pause=timedelta(minutes=table.whole("provider_pause_minutes", 1)),
        number_reuse=timedelta(days=table.whole("number_reuse_days", default=NUMBER_REUSE_DAYS)),
        contact_verifies=table.flag("contact_verifies"),
    )
    table.close()
    return rules
