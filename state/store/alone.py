"""Keeps a second process from running on one SQLite file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL

from state.store.errors import DatabaseInUseError
from state.store.files import make_private

SUFFIX: Final = "-run"
"""Of a file beside the database; it stays, empty, and is locked as long as a process runs."""


@contextmanager
def alone(url: URL) -> Iterator[None]:
    """Raise DatabaseInUseError if another process is inside; one that died no longer is.

    The lock is SQLite's own, so it works wherever SQLite does. Commands that only look, or import,
    may come and go beside it.
    """
    file = Path(f"{url.database}{SUFFIX}")
    make_private(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as gate:
        gate.execute("PRAGMA busy_timeout = 0")
        try:
            gate.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            message = (
                f"another process runs on {url.database}: stop it first, or use PostgreSQL, "
                "which serves as many processes as you start"
            )
            raise DatabaseInUseError(message) from None
        yield
