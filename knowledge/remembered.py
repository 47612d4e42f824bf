"""Keeps what took long to calculate in a file, and does without where there is none.

Whatever is wrong with the file, it is only made anew: nothing here is worth a failure.
"""

import logging
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from knowledge.whole import keep

log = logging.getLogger(__name__)

Arrays: TypeAlias = Mapping[str, NDArray[np.generic]]


def recall(file: Path) -> Arrays:
    """Empty where there is no such file, or another one by that name."""
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, EOFError, TypeError, zipfile.BadZipFile) as error:
        log.warning("%s can't be read and is made anew: %s", file, error)
        return {}


def remember(file: Path, arrays: Arrays) -> None:
    """Whole or not at all; a folder that can't be written to costs time at the next start."""
    keep(file, lambda made: np.savez(made, allow_pickle=False, **dict(arrays)))
