import pytest

from tests.architecture.source import ROOT
from tests.gates.tree import Verdict, run

CLOCK = (
    '"""Reads the clock."""\n\nfrom datetime import UTC, datetime\n\nnow = datetime.now(tz=UTC)\n'
)
BRANCHES = "".join(f"    if text == 'word{n}':\n        return {n}\n" for n in range(4))


def ruff(text: str, *, named: str) -> Verdict:
    """Check a text as if it stood there, under the settings that hold at that place."""
    at_its_place = str(ROOT / named)
    return run(
        "ruff", "check", "--no-cache", "--stdin-filename", at_its_place, "-", at=ROOT, words=text
    )


@pytest.mark.parametrize(
    "named", ["bot/gateways/clock.py", "bot/settings.py", "tests/test_clock.py"]
)
def test_the_modules_that_own_the_clock_may_read_it(named: str) -> None:
    verdict = ruff(CLOCK, named=named)

    assert verdict.said == "All checks passed!"
    assert verdict.code == 0


@pytest.mark.parametrize(
    ("text", "banned"),
    [
        (CLOCK, "`datetime.datetime.now` is banned"),
        ("import time\n\nmoment = time.time()\n", "`time.time` is banned"),
        ("import os\n\ntoken = os.environ['X']\n", "`os.environ` is banned"),
        ("import os\n\ntoken = os.getenv('X')\n", "`os.getenv` is banned"),
        (
            "import asyncio\n\ntask = asyncio.create_task(later())\n",
            "`asyncio.create_task` is banned",
        ),
        ("from typing import TYPE_CHECKING\n", "`typing.TYPE_CHECKING` is banned"),
        ("from . import turn\n", "TID252"),
        ("try:\n    pass\nexcept Exception:\n    pass\n", "BLE001"),
    ],
    ids=["now", "time", "environ", "getenv", "task", "type checking", "relative", "blind except"],
)
def test_banned_calls_are_refused(text: str, banned: str) -> None:
    verdict = ruff(text, named="bot/incoming/turn_loop.py")

    assert banned in verdict.said
    assert verdict.code == 1


@pytest.mark.parametrize(
    ("named", "complaints"),
    [("bot/incoming/handlers/seeded.py", 1), ("bot/presentation/views/seeded.py", 0)],
)
def test_the_complexity_limit_is_stricter_for_handlers(named: str, complaints: int) -> None:
    text = f'"""Seeded."""\n\n\ndef hear(text: str) -> int:\n{BRANCHES}    return 9\n'

    verdict = ruff(text, named=named)

    assert verdict.said.count("C901") == complaints
