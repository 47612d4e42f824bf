"""Doctor checks of the machine: the disk under an SQLite file, and the internal port."""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.settings import Settings

LITTLE = 500 * 2**20
"""Free bytes below which the disk check fails: a busy day may fill them."""
MOUNTS = Path("/proc/mounts")
_FAR = ("nfs", "cifs", "smb", "9p", "fuse.", "afs", "ceph", "gluster")
_FLEETING = ("tmpfs", "ramfs")


def lines(settings: Settings, mounts: Path = MOUNTS, little: int = LITTLE) -> Iterator[str]:
    """One line per check: file system and free space (SQLite only), internal port."""
    folder = _folder(settings.database_url)
    if folder is not None:
        yield _disk(folder, _kind_of(folder, mounts))
        yield _room(folder, little)
    yield _internal(settings)


def _folder(url: str) -> Path | None:
    """Folder of the SQLite file; None for PostgreSQL, a bad URL, or a missing folder."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return None
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    folder = Path(parsed.database).absolute().parent
    return folder if folder.is_dir() else None


def _kind_of(folder: Path, mounts: Path) -> str:
    """File system type at the longest mount point above the folder; empty if unknown."""
    try:
        rows = [line.split() for line in mounts.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return ""
    place = str(folder.resolve()) + "/"
    return _longest((row[1], row[2]) for row in rows if place.startswith(row[1].rstrip("/") + "/"))


def _longest(found: Iterable[tuple[str, str]]) -> str:
    return max(found, key=lambda one: len(one[0]), default=("", ""))[1]


def _disk(folder: Path, kind: str) -> str:
    if kind.startswith(_FAR):
        return (
            f"wrong   disk: {folder} is on {kind}, where locks of files don't hold; "
            "put the database on a disk of this machine, or use PostgreSQL"
        )
    if kind in _FLEETING:
        return f"ok      disk: {folder} is on {kind}: all of it is gone when the machine stops"
    return f"ok      disk: the database is on {kind or 'a disk of its machine'}"


def _room(folder: Path, little: int) -> str:
    free = shutil.disk_usage(folder).free
    told = f"{free / 2**20:,.0f} MB are free"
    if free < little:
        return f"wrong   room: only {told} in {folder}; make some before it is full"
    return f"ok      room: {told}"


def _internal(settings: Settings) -> str:
    if settings.internal_port is None:
        return "ok      health and metrics: off, since HELPDESK_INTERNAL_PORT is not set"
    host = settings.internal_host
    where = f"{f'[{host}]' if ':' in host else host}:{settings.internal_port}"
    return f"ok      health and metrics: at {where} while the bot runs"
