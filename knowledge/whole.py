"""Keeps a file that only saves time: whole or not at all, and where it can't be kept, without.

Two processes may write at once; each puts a whole file in the place of the other's.
"""

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger(__name__)


def keep(file: Path, write: Callable[[Path], object]) -> None:
    """`write` gets a place of the same name; a folder that takes nothing is told, no more."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            made = Path(folder) / file.name
            write(made)
            made.replace(file)
    except OSError as error:
        log.warning("%s can't be kept, so the next start takes as long: %s", file, error)
