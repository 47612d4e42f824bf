"""SQLAlchemy Core statements compiled once and reused: SQL text, bind and result conversion.

A turn runs a dozen small statements, and compiling one costs more than running it.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Dialect, Executable, Float, Select, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.types import TypeEngine

Upsert: TypeAlias = sqlite.Insert | postgresql.Insert
InsertInto: TypeAlias = Callable[[Table], Upsert]
Build: TypeAlias = Callable[[InsertInto], Upsert | ReturningInsert[Any]]
Convert: TypeAlias = Callable[[Any], Any] | None
POSTGRESQL = "postgresql"


def insert_for(dialect: str) -> InsertInto:
    """The dialect's INSERT with ON CONFLICT; both dialects spell it alike."""
    return postgresql.insert if dialect == POSTGRESQL else sqlite.insert


@dataclass(frozen=True, slots=True)
class Compiled:
    """A compiled statement: SQL text, and how to convert its parameters and its rows."""

    text: str
    binds: Sequence[tuple[str, Convert]]
    constants: Mapping[str, Any]
    """Values that are part of the statement itself."""
    converts: Sequence[tuple[int, Callable[[Any], Any]]]
    """Result conversions, by position of the column; columns without one are left out."""
    row: Callable[[Iterable[Any]], Any]

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        known = {**given, **self.constants}
        return [
            known[name] if convert is None else convert(known[name])
            for name, convert in self.binds
        ]

    def rows(self, found: Iterable[Sequence[Any]]) -> list[Any]:
        """Driver rows as named tuples, with the column names of Core's rows."""
        rows = []
        for each in found:
            values = list(each)
            for place, convert in self.converts:
                values[place] = convert(values[place])
            rows.append(self.row(values))
        return rows


class Prepared:
    """A statement that is compiled on first use and cached, per dialect.

    `sets` names the columns that an INSERT or UPDATE assigns. An INSERT that depends on the
    dialect is given as a function of that dialect's INSERT.
    """

    def __init__(self, statement: Executable | Build, *, sets: Iterable[str] = ()) -> None:
        self._statement = statement
        self._sets = tuple(sets)
        self._compiled: dict[tuple[str, bool], Compiled] = {}

    def statement(self, dialect: str, *, for_update: bool = False) -> Any:
        if not isinstance(self._statement, Executable):
            return self._statement(insert_for(dialect))
        if for_update and isinstance(self._statement, Select):
            return self._statement.with_for_update()
        return self._statement

    def compiled(self, dialect: Dialect, *, for_update: bool = False) -> Compiled:
        """The compiled statement; with `for_update`, a SELECT locks its rows (FOR UPDATE)."""
        key = (dialect.name, for_update)
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = self._compile(dialect, for_update=for_update)
        return found

    def _compile(self, dialect: Dialect, *, for_update: bool) -> Compiled:
        statement = self.statement(dialect.name, for_update=for_update)
        made = statement.compile(dialect=dialect, column_keys=self._sets or None)
        columns = list(getattr(statement, "exported_columns", ()))
        keys = [column.key for column in columns]
        row: Any = namedtuple("Row", keys, rename=True)  # type: ignore[misc]  # noqa: PYI024 - made of the columns
        bind_conversions = {
            name: _bind_conversion(bind.type, dialect) for name, bind in made.binds.items()
        }
        fixed = {
            name: _converted(bind.value, bind_conversions[name])
            for name, bind in made.binds.items()
            if not bind.required
        }
        result_conversions = [_result_conversion(column.type, dialect) for column in columns]
        return Compiled(
            text=made.string,
            binds=[
                (name, None if name in fixed else bind_conversions[name])
                for name in made.positiontup or ()
            ],
            constants=fixed,
            converts=[(place, each) for place, each in enumerate(result_conversions) if each],
            row=row._make,
        )


def _converted(value: Any, convert: Convert) -> Any:
    return value if convert is None else convert(value)


def _bind_conversion(kind: TypeEngine[Any], dialect: Dialect) -> Convert:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _result_conversion(kind: TypeEngine[Any], dialect: Dialect) -> Convert:
    if isinstance(kind, Float):  # both drivers return a float already
        return None
    return kind.dialect_impl(dialect).result_processor(dialect, None)
