"""The longest messages that Telegram takes cost no more than a question, whatever is in them."""

import random
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from string import ascii_lowercase
from time import process_time

import pytest
import pytest_asyncio

from knowledge.library.loader import shipped_folder
from tests.hostile.patterns import LONGEST_MESSAGE, texts
from tests.support.chat import ADA, Scene
from tests.support.libraries import shipped_library
from tests.support.scenes import opened_scene

TRACED = sys.gettrace() is not None
"""While coverage is measured every line costs several times as much."""
ALLOWED = 0.15 if TRACED else 0.05
"""Seconds of the processor for a turn: from an update to what its chat shows."""
TRIES = 15
"""The fastest counts: a busy machine makes some of them slow, slow code all of them."""


def _made_of_words() -> dict[str, str]:
    dice = random.Random(12)
    phrasings = (one for article in shipped_library().articles("en") for one in article.questions)
    known = sorted({word for one in phrasings for word in one.split()})
    unknown = ["".join(dice.choices(ascii_lowercase, k=dice.randint(3, 9))) for _ in range(900)]
    mistyped = [dice.choice(known) + dice.choice(ascii_lowercase) for _ in range(900)]
    return {
        "unknown words": " ".join(unknown),
        "mistyped words": " ".join(mistyped),
        "known words": " ".join(dice.choices(known, k=900)),
        "questions of unknown words": "? how do I ".join(unknown),
        "questions of known words": "? can I ".join(dice.choices(known, k=900)),
        "short questions": " ".join(f"do {word}?" for word in unknown),
    }


KINDS = {**texts(LONGEST_MESSAGE), **_made_of_words()}
CUT = {name: text[:LONGEST_MESSAGE] for name, text in KINDS.items()}


@pytest_asyncio.fixture(params=["words", "auto"])
async def desk(
    request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path
) -> AsyncIterator[Scene]:
    """With all the articles, searched in both ways."""
    async with opened_scene(
        sqlite_url, folder=tmp_path, articles=shipped_folder(), answers=request.param
    ) as scene:
        yield scene


async def _fastest(say: Callable[[str], Awaitable[object]], text: str) -> float:
    times = []
    for again in range(TRIES):
        began = process_time()
        await say(f"{again}{text}"[:LONGEST_MESSAGE])  # what was read before is kept
        times.append(process_time() - began)
        if times[-1] <= ALLOWED:
            break
    return min(times)


async def test_a_long_message_does_not_block_the_bot(desk: Scene) -> None:
    ada = desk.person(ADA)
    await ada.say("what are connects")

    took = {name: await _fastest(ada.say, text) for name, text in CUT.items()}

    assert {name: seconds for name, seconds in took.items() if seconds > ALLOWED} == {}


async def test_a_long_edit_does_not_block_the_bot(desk: Scene) -> None:
    ada = desk.person(ADA)
    await ada.say("what are connects")

    took = {name: await _fastest(ada.edit, text) for name, text in CUT.items()}

    assert {name: seconds for name, seconds in took.items() if seconds > ALLOWED} == {}
