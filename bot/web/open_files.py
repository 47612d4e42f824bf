"""Number of connections that the limit of open files allows."""

import resource
from dataclasses import dataclass

WANTED = 65_536
MOST_CONNECTIONS = 4096
LONGEST_QUEUE = 1024


@dataclass(frozen=True, slots=True)
class FileBudget:
    """Shares of the open-files limit."""

    connections: int
    """Maximum connections; the rest is for database, Telegram and the queue."""
    queue: int
    """Listen backlog: connections that wait to be accepted."""


def raise_limit() -> FileBudget:
    """Raise the soft limit of open files as far as allowed; returns the resulting shares."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < WANTED:
        soft = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return shares_of(WANTED if soft == resource.RLIM_INFINITY else soft)


def shares_of(files: int) -> FileBudget:
    """Divide so many files: a quarter, and a full backlog, are kept for everything else."""
    queue = max(1, min(LONGEST_QUEUE, files // 8))
    return FileBudget(max(1, min(MOST_CONNECTIONS, files - files // 4 - queue)), queue)
