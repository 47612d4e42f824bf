"""Back up and restore a database: SQLite by its online backup, PostgreSQL by pg_dump."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url

from state.store.admin.revision import REVISIONS
from state.store.sql.errors import CopyError
from state.store.sql.files import OURS, make_private
from state.store.sql.locks import exclusive_process_lock
from state.store.sql.postgres_address import PostgresAddress

PART: Final = ".part"
"""Suffix of an incomplete copy."""
BEFORE: Final = "-before-restore"
"""Suffix of the database that a restore replaced."""


def back_up(database: Path, to: Path) -> None:
    """Copy an SQLite database while in use, as of one moment; `to` appears only when complete.

    CopyError if `to` exists already or can't be written.
    """
    if not database.is_file():
        raise CopyError(f"there is no database {database} yet")
    part = to.with_name(to.name + PART)
    try:
        with _file_of_ours(part):
            _copy(database, part)
            with closing(sqlite3.connect(part, isolation_level=None)) as copy:
                copy.execute("PRAGMA journal_mode = DELETE")  # no separate log file
            _check(part)
            os.link(part, to)  # unlike a rename, it overwrites nothing
    except FileExistsError:
        raise CopyError(f"{to} is there already: name a file that is not") from None
    except (OSError, sqlite3.Error) as error:
        raise CopyError(f"{to} can't be written: {error}") from None


def restore(database: Path, from_: Path) -> Path | None:
    """Restore an SQLite database, or change nothing; returns the path of the one it replaced.

    DatabaseInUseError if a process runs on it, CopyError if the copy is unusable.
    """
    if not from_.is_file():
        raise CopyError(f"there is no file {from_}")
    _check(from_)
    with exclusive_process_lock(make_url(f"sqlite:///{database}")):
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
    """Create a private file (mode 0600) and delete it at the end of the block."""
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
    """CopyError unless the file is an intact database of this version or an earlier one."""
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


def dump(database: PostgresAddress, to: Path) -> None:
    """Back up PostgreSQL by pg_dump, as of one moment, while it is in use."""
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


def load(database: PostgresAddress, from_: Path) -> None:
    """Restore PostgreSQL by pg_restore in one transaction; existing tables are dropped."""
    if not from_.is_file():
        raise CopyError(f"there is no file {from_}")
    into = ["--clean", "--if-exists", "--no-owner", "--single-transaction"]
    _run(database, ["pg_restore", *into, f"--dbname={database.database}", str(from_)])


def _run(database: PostgresAddress, command: Sequence[str]) -> None:
    """Run a program with the address in its environment: a command line is visible to everybody.

    It is the address that the driver uses too, so that no other server is copied.
    """
    program = shutil.which(command[0])
    if program is None:
        raise CopyError(f"{command[0]} is not installed here: {_TOOLS}")
    ended = subprocess.run(  # noqa: S603 - a program found above, arguments of our own
        [program, *command[1:]],
        env={**database.environment, "PATH": str(Path(program).parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        said = (ended.stderr.strip().splitlines() or ["no reason given"])[0]
        raise CopyError(f"{command[0]} failed: {said}")
