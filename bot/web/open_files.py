"""How many connections the process may hold, by the files that the system lets it open."""

import resource
from dataclasses import dataclass

WANTED = 65_536
MOST_CONNECTIONS = 4096
LONGEST_QUEUE = 1024


@dataclass(frozen=True, slots=True)
class FileBudget:
    connections: int
    """So many leave files for the database, for Telegram and for the queue below."""
    queue: int
    """Connections that the system keeps until they are accepted; all at once, in a bad case."""


def make_room() -> FileBudget:
    """Take as many open files as the system gives without being asked twice."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < WANTED:
        soft = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return room_within(WANTED if soft == resource.RLIM_INFINITY else soft)


def room_within(files: int) -> FileBudget:
    """A quarter of the files, and those of a full queue, are for everything else."""
    queue = max(1, min(LONGEST_QUEUE, files // 8))
    return FileBudget(max(1, min(MOST_CONNECTIONS, files - files // 4 - queue)), queue)
