"""`helpdesk import`: import account snapshots from NDJSON or CSV, in bounded memory."""

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice, zip_longest
from os import fstat
from pathlib import Path
from typing import TextIO, TypeAlias

from rich.console import Console
from rich.progress import Progress

from bot.cli.errors import CommandError, ExitCode, print_error
from bot.context import Desk, open_desk
from bot.presentation.api_schema import (
    REQUIRED,
    BadSnapshotError,
    account_of,
    from_csv_row,
    from_json_line,
)
from bot.settings import Settings
from state.model.account import Account
from state.ports import UnitOfWork

_LOST_BYTE = re.compile("[\udc80-\udcff]")
_UTF16 = re.compile("\udcff\udcfe|\udcfe\udcff|\0.|.\0", re.DOTALL)
"""How UTF-16 begins, with and without its mark, where it is read as UTF-8."""
_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_OPEN_QUOTE = "unexpected end of data"
"""The csv module's words for a file that ends inside quotation marks."""
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


def _checked_size(path: Path) -> int:
    """Bytes in the file; CommandError if it is in UTF-16 or its CSV header is wrong."""
    with _opened(path) as file:
        if _UTF16.match(file.read(2)):
            raise CommandError(
                f"{path} is in UTF-16, and should be in UTF-8: save it as such.", ExitCode.FAULTS
            )
        file.seek(0)
        if _is_csv(path):
            try:
                _check_header(_header(csv.reader(file, strict=True)))
            except BadSnapshotError as error:
                raise CommandError(f"{path}, line 1: {error}", ExitCode.FAULTS) from None
        return fstat(file.fileno()).st_size


def _is_csv(path: Path) -> bool:
    return path.suffix.lower() == ".csv"


def _rows(path: Path, file: TextIO) -> Iterator[tuple[int, Callable[[], object]]]:
    """Line number and parser of each row; the caller runs the parser and reports its errors."""
    if _is_csv(path):
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
    """Rows by the line they begin on."""
    table = csv.reader(lines, strict=True)
    header = _header(table)
    while True:
        first = lines.number + 1
        try:
            cells = next(table, None)
        except csv.Error as error:
            yield first, partial(_refuse, _not_csv(error, first, lines.number))
            continue
        if cells is None:
            return
        if cells:
            yield first, partial(_csv, header, cells)


def _not_csv(error: csv.Error, first: int, last: int) -> str:
    reason = str(error).replace(_OPEN_QUOTE, "a quotation mark is never closed")
    lost = f"; nothing of lines {first} to {last} was read" if last > first else ""
    return f"not CSV: {reason}{lost}"


def _refuse(reason: str) -> object:
    raise BadSnapshotError(reason)


def _header(table: Iterator[list[str]]) -> list[str]:
    """Names of the columns; BadSnapshotError unless the header is CSV in UTF-8."""
    try:
        return [_utf8(name).strip() for name in next(table, [])]
    except csv.Error as error:
        raise BadSnapshotError(_not_csv(error, 1, 1)) from None


def _check_header(names: list[str]) -> None:
    """BadSnapshotError if no row below these names could be a snapshot."""
    head = names[0] if names else ""
    if head.lower().startswith("sep="):
        raise BadSnapshotError("the first line should name the columns, and not say sep=")
    for mark, many in _OTHER_SEPARATORS.items():
        if mark in head:
            raise BadSnapshotError(f"the columns are separated by {many}, and should be by commas")
    for name in names:
        if name and names.count(name) > 1:
            raise BadSnapshotError(f"the column {name} is there twice")
    from_csv_row(dict.fromkeys(names))
    for name in REQUIRED:
        if name not in names:
            raise BadSnapshotError(f"there is no column {name}")


def _csv(header: list[str], cells: list[str]) -> object:
    if len(cells) > len(header):
        raise BadSnapshotError("the row has more cells than the header")
    return from_csv_row(dict(zip_longest(header, map(_utf8, cells))))


def _json(line: str) -> object:
    return from_json_line(_utf8(line))


def _utf8(text: str) -> str:
    if not text.isascii() and _LOST_BYTE.search(text):
        raise BadSnapshotError("not UTF-8 text")
    return text


async def import_file(settings: Settings, path: Path, *, atomic: bool) -> ImportReport:
    """Import a file; invalid rows are printed to standard error as they are met."""
    size = _checked_size(path)  # fails before a database is created
    async with open_desk(settings) as desk:
        with progress_bar(size) as advance:
            work = Import(
                desk=desk,
                path=path,
                refuse=lambda number, reason: print_error(f"{path}, line {number}: {reason}"),
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
