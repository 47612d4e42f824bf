"""Database files: readable by the desk's own user only, and not exchanged while it runs."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from state.store.sql.errors import DatabaseUnreachableError

OURS: Final = 0o600


def make_private(file: Path) -> None:
    """Create the file with mode 0600 if missing; SQLite gives its log and journal the same mode.

    A file that an earlier version made readable to all is restricted, unless another user owns it.
    """
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OURS))
    for each in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
        with suppress(FileNotFoundError, PermissionError):
            if each.stat().st_mode & 0o077:
                each.chmod(OURS)


class OpenFile:
    """A database's file, which has to stay at its path while connections are open.

    SQLite goes on writing to a file that was deleted or replaced, and all of it would be lost.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None

    def check(self) -> None:
        """DatabaseUnreachableError once the file is not the one that was there first."""
        try:
            found = os.stat(self._path)  # noqa: PTH116 - before each transaction: half the time of Path's
        except FileNotFoundError:
            place = None
        else:
            place = found.st_dev, found.st_ino
        if self._seen is None:
            self._seen = place
        elif place != self._seen:
            raise DatabaseUnreachableError(
                f"the file {self._path} was deleted or replaced while the desk ran: nothing more "
                "is stored; stop the desk, put the file or a backup in its place, and start again"
            )
