"""Files with personal data: readable by the desk's own user only."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

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
