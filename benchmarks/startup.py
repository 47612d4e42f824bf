"""How long the terminal waits: `helpdesk ask` and `helpdesk progress`, from Enter to the answer.

And how long `helpdesk run` takes until it says that it is ready. Beside them the floor
(`python -c pass`) and the library that only `run` may load (`import aiogram`).
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, sleep

ROOT = Path(__file__).resolve().parent.parent
RUNS = 9
CEILING = 1.0
"""Seconds, for the median of each command on an idle machine."""
MOST_OF_AIOGRAM = 1.3
"""Of the time that `import aiogram` takes, for `helpdesk run`."""
ADA = {"id": "f-1001", "as_of": "2026-11-23T09:30:00Z", "plan": "basic", "completeness": 72}
AIOGRAM = "import aiogram"
FLOORS = {"python -c pass": ["-c", "pass"], AIOGRAM: ["-c", "import aiogram"]}
COMMANDS = {
    "helpdesk ask": ["-m", "bot", "ask", "how do I get 40 connects", "--json"],
    "helpdesk progress": ["-m", "bot", "progress", "f-1001"],
    "helpdesk progress --json": ["-m", "bot", "progress", "f-1001", "--json"],
}
RUN = "helpdesk run, ready"
TOKEN = {"token": "1:a"}
RESULTS = {
    "getMe": {"id": 1, "is_bot": True, "first_name": "Desk", "username": "desk_bot"},
    "getUpdates": [],
    "getMyCommands": [],
    "getMyDescription": {},
    "getMyShortDescription": {},
}


class Telegram(BaseHTTPRequestHandler):
    """Says yes to everything, and has nothing new."""

    def handle(self) -> None:
        with suppress(ConnectionError):  # a bot that was ended hears no answer
            super().handle()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        method = self.path.rpartition("/")[2]
        if method == "getUpdates":
            sleep(1)
        body = json.dumps({"ok": True, "result": RESULTS.get(method, True)}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """The table is enough."""


@contextmanager
def telegram() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Telegram)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def environment(**settings: str) -> dict[str, str]:
    named = {f"HELPDESK_{name.upper()}": value for name, value in settings.items()}
    return {"PYTHONPATH": str(ROOT), "PATH": os.defpath, **named}


def run(arguments: list[str], folder: Path) -> float:
    """Seconds until the process is gone."""
    began = perf_counter()
    subprocess.run(  # noqa: S603 - our own interpreter and our own arguments
        [sys.executable, *arguments],
        cwd=folder,
        env=environment(),
        check=True,
        capture_output=True,
    )
    return perf_counter() - began


def until_ready(api: str, folder: Path) -> float:
    """Seconds until the bot says so."""
    settings = environment(peppers="a:" + "0" * 64, telegram_api=api, **TOKEN)
    began = perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=folder,
        env=settings,
        stderr=subprocess.PIPE,
        text=True,
    ) as bot:
        said = iter(bot.stderr or ())
        if not any("ready" in line for line in said):
            raise RuntimeError("the bot ended before it was ready")
        seconds = perf_counter() - began
        bot.terminate()
        bot.communicate()
    return seconds


def measured(once: Callable[[], float]) -> tuple[float, float]:
    once()  # for the page cache and the compiled files
    seconds = [once() for _ in range(RUNS)]
    return median(seconds), quantiles(seconds, n=100, method="inclusive")[98]


def main() -> None:
    with tempfile.TemporaryDirectory() as name, telegram() as api:
        folder = Path(name)
        (folder / "ada.ndjson").write_text(json.dumps(ADA))
        run(["-m", "bot", "import", "ada.ndjson"], folder)
        waits: dict[str, Callable[[], float]] = {
            title: partial(run, arguments, folder)
            for title, arguments in {**FLOORS, **COMMANDS}.items()
        }
        waits[RUN] = partial(until_ready, api, folder)
        print(f"{RUNS} runs each, {os.cpu_count()} cores")
        print(f"{'':28}{'median':>10}{'99 %':>10}")
        middles = {}
        for title, once in waits.items():
            middles[title], late = measured(once)
            print(f"{title:28}{middles[title] * 1000:8.0f} ms{late * 1000:7.0f} ms")
    ratio = middles[RUN] / middles[AIOGRAM]
    print(f"{RUN}: {ratio:.2f} x {AIOGRAM} (at most {MOST_OF_AIOGRAM})")
    slow = any(middles[title] > CEILING for title in COMMANDS)
    sys.exit(slow or ratio > MOST_OF_AIOGRAM)


if __name__ == "__main__":
    main()
