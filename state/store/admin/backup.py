"""Copies an SQLite database while it is written to, and puts a copy back in its place."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL, make_url

from state.store.admin.revision import REVISIONS
from state.store.sql.errors import CopyError
from state.store.sql.files import OURS, make_private
from state.store.sql.locks import alone

PART: Final = ".part"
"""Of a copy that is not whole yet."""
BEFORE: Final = "-before-restore"
"""Of what a restored copy took the place of."""


def back_up(database: Path, to: Path) -> None:
    """As it was at one moment; nobody waits for it. `to` is there once it is whole."""
    if not database.is_file():
        raise CopyError(f"there is no database {database} yet")
    part = to.with_name(to.name + PART)
    try:
        with _file_of_ours(part):
            _copy(database, part)
            with closing(sqlite3.connect(part, isolation_level=None)) as copy:
                copy.execute("PRAGMA journal_mode = DELETE")  # all of it in the one file
            _check(part)
            os.link(part, to)  # unlike a rename, it takes nothing's place
    except FileExistsError:
        raise CopyError(f"{to} is there already: name a file that is not") from None
    except (OSError, sqlite3.Error) as error:
        raise CopyError(f"{to} can't be written: {error}") from None


def restore(database: Path, from_: Path) -> Path | None:
    """All or nothing; gives where the database that was there is kept. Nobody may run on it."""
    if not from_.is_file():
        raise CopyError(f"there is no file {from_}")
    _check(from_)
    with alone(make_url(f"sqlite:///{database}")):
        kept = None
        if database.exists():
            kept = database.with_name(database.name + BEFORE)
            kept.unlink(missing_ok=True)
            back_up(database, kept)
        try:
            make_private(database)
            _copy(from_, database)
        except (OSError, sqlite3.Error) as error:
            raise CopyError(f"{from_} can't be put in place: {error}") from None
    return kept


@contextmanager
def _file_of_ours(path: Path) -> Iterator[None]:
    """Made for us alone to read, and gone at the end."""
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OURS))
    try:
        yield
    finally:
        with contextlib.suppress(FileNotFoundError):
            path.unlink()


def _copy(source: Path, target: Path) -> None:
    with closing(_reader(source)) as reader, closing(sqlite3.connect(target)) as writer:
        reader.backup(writer)


def _reader(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _check(path: Path) -> None:
    """It is whole, and a desk's of this version or an earlier one."""
    try:
        with closing(_reader(path)) as copy:
            whole = copy.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
            revision = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        raise CopyError(f"{path} is no copy of a help desk's database") from None
    if not whole:
        raise CopyError(f"{path} is damaged: use another copy")
    if revision is None or revision[0] not in REVISIONS:
        raise CopyError(f"{path} is of a later version: install that one first")


_TOOLS: Final = "install PostgreSQL's client programs, of the server's version or a later one"


def dump(database: URL, to: Path) -> None:
    """By pg_dump: as it was at one moment; nobody waits."""
    if to.exists():
        raise CopyError(f"{to} is there already: name a file that is not")
    part = to.with_name(to.name + PART)
    try:
        part.unlink(missing_ok=True)
        make_private(part)
        _run(database, ["pg_dump", "--format=custom", "--no-owner", f"--file={part}"])
        part.rename(to)
    except OSError as error:
        raise CopyError(f"{to} can't be written: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)


def load(database: URL, from_: Path) -> None:
    """By pg_restore: all or nothing; what is there goes."""
    if not from_.is_file():
        raise CopyError(f"there is no file {from_}")
    into = ["--clean", "--if-exists", "--no-owner", "--single-transaction"]
    _run(database, ["pg_restore", *into, f"--dbname={database.database}", str(from_)])


def _run(database: URL, command: Sequence[str]) -> None:
    """The address goes by the environment: what is on a command line, everybody can read."""
    program = shutil.which(command[0])
    if program is None:
        raise CopyError(f"{command[0]} is not installed here: {_TOOLS}")
    environment = {
        "PGHOST": database.host or "",
        "PGPORT": str(database.port or ""),
        "PGUSER": database.username or "",
        "PGPASSWORD": str(database.password or ""),
        "PGDATABASE": database.database or "",
        "PATH": str(Path(program).parent),
    }
    ended = subprocess.run(  # noqa: S603 - a program found above, arguments of our own
        [program, *command[1:]],
        env={name: value for name, value in environment.items() if value},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        said = (ended.stderr.strip().splitlines() or ["no reason given"])[0]
        raise CopyError(f"{command[0]} failed: {said}")
