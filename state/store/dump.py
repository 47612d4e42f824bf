"""Copies a PostgreSQL database by PostgreSQL's own programs."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL

from state.store.backup import PART
from state.store.errors import CopyError
from state.store.files import make_private

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
