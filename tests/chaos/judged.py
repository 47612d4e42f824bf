"""A load rig that isn't ours judges the bot: each database, each way in, killed, told to stop.

    python -m tests.chaos.judged RIG [--updates 5000] [--only sqlite-webhook-KILL]

RIG is the path of `loadrig.py`, which plays Telegram. One line a run; exits with 1 if any lost a
reply or asked a chat again before its time. The bot's own limits are lifted, as the rig
measures how fast it can go; `--paced` leaves them and has the rig enforce Telegram's instead.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import product
from pathlib import Path
from typing import Any

from bot.demo.wiring import free_port
from tests.architecture.source import ROOT
from tests.support.databases import fresh_postgres

TOKEN = "123456789:judge"
SCRIPT = [
    {"text": "/start"},
    {"text": "how do I verify my phone number", "expect": "Verifying your phone number"},
    {"text": "/connects"},
    {"text": "/topics"},
]
"""Four kinds of answers; each update gets one."""
FAULTS = {
    "rate-429": 0.02,
    "rate-5xx": 0.02,
    "rate-html": 0.01,
    "rate-drop": 0.01,
    "dup-rate": 0.02,
}
SHOWN = (
    "updates",
    "delivered",
    "lost_updates",
    "duplicate_replies",
    "out_of_order",
    "cross_chat",
    "text_mismatch",
    "early_retries",
    "updates_per_s",
    "bot_cpu_ms_per_update",
    "exit_ms",
)
UNLIMITED = {
    "HELPDESK_SEND_RATE": "0",
    "HELPDESK_SEND_RATE_CHAT": "0",
    "HELPDESK_READ_RATE": "0",
    "HELPDESK_READ_RATE_PERSON": "0",
    "HELPDESK_REPLY_DELAY": "0",
}


@asynccontextmanager
async def database(kind: str, folder: Path) -> AsyncIterator[str]:
    if kind == "sqlite":
        yield f"sqlite+aiosqlite:///{folder / 'desk.db'}"
    else:
        async with fresh_postgres() as url:
            yield url


def environment(url: str, way: str, api: int, *, paced: bool) -> dict[str, str]:
    """Nothing of the operator's own settings reaches the bot."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HELPDESK_")}
    port = free_port()
    pushed = {
        "HELPDESK_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "HELPDESK_WEBHOOK_SECRET": "judge",
        "HELPDESK_PORT": str(port),
    }
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "HELPDESK_TOKEN": TOKEN,
        "HELPDESK_ANSWERS": "words",
        "HELPDESK_PEPPERS": "judge:" + "ab" * 32,
        "HELPDESK_TELEGRAM_API": f"http://127.0.0.1:{api}",
        "HELPDESK_DATABASE_URL": url,
        **(pushed if way == "webhook" else {}),
        **({} if paced else UNLIMITED),
    }


async def judge(
    rig: Path, kind: str, way: str, signal: str, given: argparse.Namespace
) -> Mapping[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder, api = Path(name), free_port()
        (folder / "script.json").write_text(json.dumps(SCRIPT), encoding="utf-8")
        options = {
            "token": TOKEN,
            "api-port": api,
            "script": folder / "script.json",
            "cmd": f"{sys.executable} -m bot run",
            "bot-log": folder / "bot.log",
            "wait": 120,
            "users": given.users,
            "updates": given.updates,
            "resend": 30,
            "drain": given.drain,
            "max-seconds": 900,
            "kill-at": given.updates * 2 // 5,
            "kill-signal": signal,
            "json": folder / "report.json",
            **({"limit-chat": 5, "limit-bot": 30} if given.paced else FAULTS),
        }
        arguments = [f"--{name}={value}" for name, value in options.items()]
        arguments.append("--webhook=auto" if way == "webhook" else "--polling")
        async with database(kind, folder) as url:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, str(rig), *arguments),
                cwd=folder,
                env=environment(url, way, api, paced=given.paced),
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            await process.wait()
        if given.logs:
            given.logs.mkdir(exist_ok=True)
            kept = given.logs / f"{kind}-{way}-{signal}.log"
            kept.write_bytes((folder / "bot.log").read_bytes())
        report: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
        return report


async def judge_all(given: argparse.Namespace) -> bool:
    """Whether nothing was lost and Telegram was obeyed, in every run."""
    well = True
    for kind, way, signal in product(
        ("sqlite", "postgresql"), ("webhook", "polling"), ("KILL", "TERM")
    ):
        name = f"{kind}-{way}-{signal}"
        if given.only not in {"", name}:
            continue
        report = await judge(given.rig, kind, way, signal, given)
        shown = "  ".join(f"{what} {report.get(what)}" for what in SHOWN)
        print(f"{name}: {shown}  faults {report['faults_injected']}", flush=True)
        well = well and not report["lost_updates"] and not report["early_retries"]
    return well


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rig", type=Path)
    parser.add_argument("--updates", type=int, default=5000)
    parser.add_argument("--users", type=int, default=100)
    parser.add_argument("--drain", type=int, default=150)
    parser.add_argument("--only", default="")
    parser.add_argument("--paced", action="store_true")
    parser.add_argument("--logs", type=Path)
    given = parser.parse_args()
    given.rig = given.rig.resolve()
    sys.exit(not asyncio.run(judge_all(given)))


if __name__ == "__main__":
    main()
