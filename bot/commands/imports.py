"""`helpdesk import`: account snapshots from NDJSON or CSV, in bounded memory."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TextIO, TypeAlias

from rich.console import Console
from rich.progress import Progress

from bot.commands.faults import CommandError, complain
from bot.config import Settings
from bot.desk import Desk, open_desk
from bot.snapshot import BadSnapshotError, account_of, from_csv_row, from_json_line
from state.model.account import Account
from state.ports import UnitOfWork
from state.usecases.take_snapshot import Older

BATCH = 500
"""Snapshots a transaction."""

Refuse: TypeAlias = Callable[[int, str], None]
"""Told the line number and the reason of each bad row."""
Advance: TypeAlias = Callable[[int], None]
"""Told how many rows are through since the last time."""


@dataclass(slots=True)
class ImportReport:
    taken: int = 0
    older: int = 0
    """Not newer than what was held, so nothing changed."""
    refused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    desk: Desk
    path: Path
    refuse: Refuse
    advance: Advance
    report: ImportReport = field(default_factory=ImportReport)

    async def keep_good_rows(self) -> ImportReport:
        with _opened(self.path) as file:
            rows = self._accounts(file, self._refused)
            while batch := list(islice(rows, BATCH)):
                self._count(
                    await self.desk.database.transact(lambda unit: self._take(unit, batch))
                )
        return self.report

    async def keep_all_or_none(self) -> ImportReport:
        """Reads the file twice: once to find faults, once to keep it, in one transaction."""
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
        return taken, older

    async def _take(self, unit: UnitOfWork, batch: list[Account]) -> tuple[int, int]:
        take_snapshot = self.desk.use_cases(unit).take_snapshot
        older = 0
        for account in batch:
            older += isinstance(await take_snapshot(account), Older)
        self.advance(len(batch))
        return len(batch) - older, older

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
    try:
        return path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}.") from None


def _rows(path: Path, file: TextIO) -> Iterator[tuple[int, Callable[[], object]]]:
    """Line number and a reader of that row; parsing is left to the one who reports."""
    if path.suffix.lower() == ".csv":
        table = csv.DictReader(file)
        for row in table:
            yield table.line_num, partial(_csv, row)
    else:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield number, partial(from_json_line, line)


def _csv(row: dict[str, str | None]) -> object:
    if None in row:  # how the csv module says so
        raise BadSnapshotError("the row has more cells than the header")
    return from_csv_row({str(name): cell for name, cell in row.items()})


async def import_file(settings: Settings, path: Path, *, atomic: bool) -> int:
    """Prints what became of the rows; the number that was refused."""
    console = Console(stderr=True)
    async with open_desk(settings) as desk:
        with Progress(console=console, disable=not console.is_terminal) as bar:
            task = bar.add_task("Importing", total=None)
            work = Import(
                desk=desk,
                path=path,
                refuse=lambda number, reason: complain(f"{path}, line {number}: {reason}"),
                advance=lambda rows: bar.advance(task, rows),
            )
            report = await (work.keep_all_or_none() if atomic else work.keep_good_rows())
    print(_summary(report, atomic=atomic))  # noqa: T201 - a command line prints
    return report.refused


def _summary(report: ImportReport, *, atomic: bool) -> str:
    if atomic and report.refused:
        return f"Nothing was imported: {report.refused} rows were refused."
    return f"{report.taken} taken, {report.older} not newer, {report.refused} refused."
