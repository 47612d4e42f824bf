"""How long the terminal waits: `helpdesk ask` and `helpdesk progress`, from Enter to the answer.

Beside them the floor (`python -c pass`) and the library that neither may load (`import aiogram`).
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
RUNS = 9
CEILING = 1.0
"""Seconds, for the median of each command on an idle machine."""
ADA = {"id": "f-1001", "as_of": "2026-11-23T09:30:00Z", "plan": "basic", "completeness": 72}
FLOORS = {"python -c pass": ["-c", "pass"], "import aiogram": ["-c", "import aiogram"]}
COMMANDS = {
    "helpdesk ask": ["-m", "bot", "ask", "how do I get 40 connects", "--json"],
    "helpdesk progress": ["-m", "bot", "progress", "f-1001"],
    "helpdesk progress --json": ["-m", "bot", "progress", "f-1001", "--json"],
}


def run(arguments: list[str], folder: Path) -> float:
    """Seconds until the process is gone."""
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.defpath}
    began = perf_counter()
    subprocess.run(  # noqa: S603 - our own interpreter and our own arguments
        [sys.executable, *arguments], cwd=folder, env=environment, check=True, capture_output=True
    )
    return perf_counter() - began


def measured(arguments: list[str], folder: Path) -> tuple[float, float]:
    run(arguments, folder)  # once for the page cache and the compiled files
    seconds = [run(arguments, folder) for _ in range(RUNS)]
    return median(seconds), quantiles(seconds, n=100, method="inclusive")[98]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "ada.ndjson").write_text(json.dumps(ADA))
        run(["-m", "bot", "import", "ada.ndjson"], folder)
        print(f"{RUNS} runs each, {os.cpu_count()} cores")
        print(f"{'':28}{'median':>10}{'99 %':>10}")
        slow = False
        for title, arguments in {**FLOORS, **COMMANDS}.items():
            middle, late = measured(arguments, folder)
            slow |= title in COMMANDS and middle > CEILING
            print(f"{title:28}{middle * 1000:8.0f} ms{late * 1000:7.0f} ms")
    sys.exit(slow)


if __name__ == "__main__":
    main()
