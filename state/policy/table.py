"""A TOML table that is read key by key, and says in one sentence what is wrong with it."""

from collections.abc import Callable
from typing import Any, TypeVar

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
