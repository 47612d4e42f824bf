"""Files of people's data: for the desk's own user to read, and for nobody else."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

OURS: Final = 0o600


def make_private(file: Path) -> None:
    """Make the file if it isn't there; SQLite gives its log and its journal the same mode.

    One that an earlier version made for everybody to read is closed, unless it is another user's.
    """
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OURS))
    for each in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
        with suppress(FileNotFoundError, PermissionError):
            if each.stat().st_mode & 0o077:
                each.chmod(OURS)
