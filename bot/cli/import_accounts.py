"""`helpdesk import`: import account snapshots from NDJSON or CSV, in bounded memory."""

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from os import fstat
from pathlib import Path
from typing import TextIO, TypeAlias

from rich.console import Console
from rich.progress import Progress

from bot.cli.errors import CommandError, complain
from bot.context import Desk, open_desk
from bot.presentation.api_schema import BadSnapshotError, account_of, from_csv_row, from_json_line
from bot.settings import Settings
from state.model.account import Account
from state.ports import UnitOfWork

_LOST_BYTE = re.compile("[\udc80-\udcff]")
BATCH = 1000
"""Snapshots per transaction."""

Refuse: TypeAlias = Callable[[int, str], None]
"""Called with the line number and the reason for each invalid row."""
Advance: TypeAlias = Callable[[int], None]
"""Called with the number of bytes read so far."""


@dataclass(slots=True)
class ImportReport:
    """Row counts of an import."""

    taken: int = 0
    older: int = 0
    """Valid, but not newer than the stored snapshot, so ignored."""
    refused: int = 0

    @property
    def rows(self) -> int:
        """Rows in the file, valid or not."""
        return self.taken + self.older + self.refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One import of a file."""

    desk: Desk
    path: Path
    refuse: Refuse
    advance: Advance
    report: ImportReport = field(default_factory=ImportReport)

    async def keep_good_rows(self) -> ImportReport:
        """Import the valid rows, in transactions of `BATCH` rows."""
        with _opened(self.path) as file:
            rows = self._accounts(file, self._refused)
            while batch := list(islice(rows, BATCH)):
                self._count(
                    await self.desk.database.transact(lambda unit: self._take(unit, batch))
                )
                self.advance(file.buffer.tell())
        return self.report

    async def keep_all_or_none(self) -> ImportReport:
        """Import all rows in one transaction, or none if a row is invalid.

        Reads the file twice: once to validate, once to import.
        """
        with _opened(self.path) as file:
            for _ in self._accounts(file, self._refused):
                pass
        if not self.report.refused:
            self._count(await self.desk.database.transact(self._take_all))
        return self.report

    async def _take_all(self, unit: UnitOfWork) -> tuple[int, int]:
        taken = older = 0
        with _opened(self.path) as file:
            rows = self._accounts(file, self._refused)
            while batch := list(islice(rows, BATCH)):
                more_taken, more_older = await self._take(unit, batch)
                taken, older = taken + more_taken, older + more_older
                self.advance(file.buffer.tell())
        return taken, older

    async def _take(self, unit: UnitOfWork, batch: list[Account]) -> tuple[int, int]:
        taken = await self.desk.use_cases(unit).take_snapshots(batch)
        return taken, len(batch) - taken

    def _accounts(self, file: TextIO, refuse: Refuse) -> Iterator[Account]:
        plans = frozenset(plan.id for plan in self.desk.policy.plans)
        for number, read in _rows(self.path, file):
            try:
                yield account_of(read(), plans=plans)
            except BadSnapshotError as error:
                refuse(number, str(error))

    def _refused(self, number: int, reason: str) -> None:
        self.report.refused += 1
        self.refuse(number, reason)

    def _count(self, counts: tuple[int, int]) -> None:
        self.report.taken += counts[0]
        self.report.older += counts[1]


def _opened(path: Path) -> TextIO:
    """Open as UTF-8; invalid bytes become lone surrogates, so that only their row is refused."""
    try:
        return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}.") from None


def _size(path: Path) -> int:
    with _opened(path) as file:
        return fstat(file.fileno()).st_size


def _rows(path: Path, file: TextIO) -> Iterator[tuple[int, Callable[[], object]]]:
    """Line number and parser of each row; the caller runs the parser and reports its errors."""
    if path.suffix.lower() == ".csv":
        yield from _csv_rows(_Lines(file))
    else:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield number, partial(_json, line)


class _Lines:
    """Counts lines, because the csv module doesn't count the line it fails on."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self._file)
        self.number += 1
        return line


def _csv_rows(lines: _Lines) -> Iterator[tuple[int, Callable[[], object]]]:
    table = csv.DictReader(lines)
    while True:
        try:
            row = next(table, None)
        except csv.Error as error:
            yield lines.number, partial(_refuse, f"not CSV: {error}")
            continue
        if row is None:
            return
        yield lines.number, partial(_csv, row)


def _refuse(reason: str) -> object:
    raise BadSnapshotError(reason)


def _csv(row: dict[str | None, str | None]) -> object:
    if None in row:  # the csv module's key for surplus cells
        raise BadSnapshotError("the row has more cells than the header")
    return from_csv_row({str(name): cell and _utf8(cell) for name, cell in row.items()})


def _json(line: str) -> object:
    return from_json_line(_utf8(line))


def _utf8(text: str) -> str:
    if not text.isascii() and _LOST_BYTE.search(text):
        raise BadSnapshotError("not UTF-8 text")
    return text


async def import_file(settings: Settings, path: Path, *, atomic: bool) -> ImportReport:
    """Import a file; invalid rows are printed to standard error as they are met."""
    size = _size(path)  # fails on an unreadable file before a database is created
    async with open_desk(settings) as desk:
        with progress_bar(size) as advance:
            work = Import(
                desk=desk,
                path=path,
                refuse=lambda number, reason: complain(f"{path}, line {number}: {reason}"),
                advance=advance,
            )
            return await (work.keep_all_or_none() if atomic else work.keep_good_rows())


@contextmanager
def progress_bar(size: int) -> Iterator[Advance]:
    """A progress bar on standard error; hidden unless that is a terminal.

    `size` in bytes; yields the function to call with the number of bytes read.
    """
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("Importing", total=size)
        yield lambda through: bar.update(task, completed=through)


def summary(report: ImportReport, *, atomic: bool) -> str:
    """One line with the import's counts."""
    if atomic and report.refused:
        return f"Nothing was imported: {report.refused} refused."
    return f"{report.taken} taken, {report.older} not newer, {report.refused} refused."
