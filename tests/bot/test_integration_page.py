"""docs/integration.md: its lines are run against a demo, and answer what the page says."""

import asyncio
import json
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.demo.wiring import free_port
from tests.architecture.source import ROOT

PAGE = (ROOT / "docs" / "integration.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```sh\n(?P<lines>curl .*?)```(?:\n\n```json\n(?P<answer>.*?)```)?", re.DOTALL)
EXPORT = re.compile(r"(\w+)=(\S+)")
ANYTHING = "…"
PATIENCE = 25
"""Tries, five a second."""


def fits(answer: Any, said: Any) -> bool:
    """Whether an answer is what the page says, wherever it says something."""
    if said == ANYTHING:
        return True
    if isinstance(said, dict) and isinstance(answer, dict):
        return said.keys() == answer.keys() and all(fits(answer[key], said[key]) for key in said)
    if isinstance(said, list) and isinstance(answer, list):
        return len(said) == len(answer) and all(map(fits, answer, said))
    return bool(answer == said)


@asynccontextmanager
async def demo() -> AsyncIterator[dict[str, str]]:
    """What it exports, once its bot is ready."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-u", "-m", "bot", "demo", "--port", str(free_port())),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async for line in process.stdout:
            if b"export " in line:
                yield dict(EXPORT.findall(line.decode()))
                break
    finally:
        process.terminate()
        await process.communicate()


async def answer_to(block: re.Match[str], exported: dict[str, str]) -> tuple[Any, Any]:
    """The last answer, and what the page says; asked again while an event may be under way."""
    said = json.loads(block["answer"] or f'"{ANYTHING}"')
    answer = await run(block["lines"], exported)
    for _ in range(PATIENCE):
        if fits(answer, said):
            break
        await asyncio.sleep(0.2)
        answer = await run(block["lines"], exported)
    return answer, said


async def run(lines: str, exported: dict[str, str]) -> Any:
    process = await asyncio.create_subprocess_shell(
        lines, env=os.environ | exported, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert process.returncode == 0
    return json.loads(said)


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl")
async def test_every_example_returns_what_the_page_shows() -> None:
    blocks = list(BLOCK.finditer(PAGE))
    async with demo() as exported:
        answers = [await answer_to(block, exported) for block in blocks]

    wrong = [pair for pair in answers if not fits(*pair)]
    assert len(blocks) == PAGE.count("```sh\n") >= 8
    assert wrong == []


@pytest.mark.parametrize("answer", [{"a": 1}, {"a": [2]}, {"a": [1], "b": 2}, {"a": [1, 1]}])
def test_a_different_answer_is_detected(answer: Any) -> None:
    assert not fits(answer, {"a": [1]})
