"""Imports: the rate of `helpdesk import` beside a plain executemany, and its peak memory.

Both read the same file into a fresh SQLite database, each in a process of its own, turn by turn.
The plain one parses each line and writes it to the table of accounts; it checks nothing, records
no completed steps and keys no numbers.
"""

import argparse
import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

MOST_MEMORY = 300
"""MB."""
MOST_RATIO = 25
"""Times the plain one's time."""
BATCH = 1000
ITEMS = (
    "photo",
    "tagline",
    "overview",
    "hourly_rate",
    "skills",
    "contact_information",
    "email_verified",
)
COLUMNS = (
    "freelancer_id, as_of, plan, display_name, language, plan_allowance, connects_balance, "
    "profile, completeness, quick_actions, phone, phone_verified, extra"
)


def write_snapshots(path: Path, rows: int) -> None:
    dice = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        for number in range(rows):
            snapshot = {
                "id": f"f-{number:07d}",
                "as_of": "2026-11-23T09:30:00Z",
                "display_name": f"Person {number}",
                "language": "en",
                "plan": "basic",
                "connects_balance": dice.randrange(60),
                "profile": {item: bool(dice.randrange(20)) for item in ITEMS},
                "completeness": float(dice.randrange(30, 101)),
                "quick_actions": {"portfolio": bool(dice.randrange(2)), "pledge": True},
                "phone": f"+1202{dice.randrange(2_000_000, 10_000_000)}",
                "phone_verified": not dice.randrange(3),
            }
            file.write(json.dumps(snapshot) + "\n")


def plain(source: str, database: str) -> None:
    """What the product is compared with; runs in a process of its own."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA synchronous = FULL")
    marks = ", ".join("?" * len(COLUMNS.split(", ")))
    statement = f"INSERT OR REPLACE INTO account ({COLUMNS}) VALUES ({marks})"  # noqa: S608 - constants alone
    with Path(source).open(encoding="utf-8") as file:
        while some := list(islice(file, BATCH)):
            with connection:
                connection.executemany(statement, rows(some))
    connection.close()


def rows(lines: list[str]) -> Iterator[tuple[object, ...]]:
    for one in map(json.loads, lines):
        yield (
            one["id"],
            1_795_426_200_000,
            one["plan"],
            one["display_name"],
            one["language"],
            None,
            one["connects_balance"],
            json.dumps(one["profile"]),
            one["completeness"],
            json.dumps(one["quick_actions"]),
            one["phone"],
            one["phone_verified"],
            "{}",
        )


def run(*command: str, database: Path) -> tuple[float, float]:
    """Seconds, and the peak of memory in MB."""
    environment = os.environ | {
        "HELPDESK_DATABASE_URL": f"sqlite+aiosqlite:///{database}",
        "HELPDESK_PEPPERS": "bench:" + "ab" * 32,
    }
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own programs
        [sys.executable, *command], env=environment, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def one_round(folder: Path, source: Path, number: int) -> tuple[float, float, float]:
    """Seconds of both, and the import's peak of memory in MB."""
    databases = [folder / f"{name}{number}.db" for name in ("plain", "import")]
    for database in databases:
        run("-m", "bot", "db", "upgrade", database=database)
    baseline, _ = run(__file__, "--plain", str(source), str(databases[0]), database=databases[0])
    ours, peak = run("-m", "bot", "import", str(source), database=databases[1])
    for database in databases:
        database.unlink()
    return baseline, ours, peak


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=50_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--plain", nargs=2, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.plain:
        plain(*given.plain)
        return 0
    with tempfile.TemporaryDirectory(prefix="helpdesk-imports-") as name:
        folder = Path(name)
        source = folder / "snapshots.ndjson"
        write_snapshots(source, given.rows)
        rounds = [one_round(folder, source, number) for number in range(given.rounds)]
    ratio = statistics.median(ours / baseline for baseline, ours, _ in rounds)
    peak = max(peak for _, _, peak in rounds)
    print(f"{given.rows:,} rows, {given.rounds} rounds, {os.cpu_count()} cores; medians")
    for label, place in (("plain executemany", 0), ("helpdesk import", 1)):
        seconds = statistics.median(one[place] for one in rounds)
        print(f"{label:20} {seconds:8.2f} s {given.rows / seconds:10,.0f} rows/s")
    print(f"{'ratio':20} {ratio:8.1f}   (at most {MOST_RATIO})")
    print(f"{'peak memory':20} {peak:8.0f} MB (below {MOST_MEMORY})")
    return int(ratio > MOST_RATIO or peak >= MOST_MEMORY)


if __name__ == "__main__":
    sys.exit(main())
