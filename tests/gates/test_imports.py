from pathlib import Path

import pytest

from tests.gates.tree import Verdict, plant, run, skeleton


def lint_imports(root: Path) -> Verdict:
    return run("lint-imports", "--no-cache", "--no-logo", at=root)


def test_a_tree_without_faults_passes(tmp_path: Path) -> None:
    verdict = lint_imports(skeleton(tmp_path))

    assert "0 broken" in verdict.said
    assert verdict.code == 0


@pytest.mark.parametrize(
    ("room", "line", "complaint"),
    [
        ("state/rules", "import sqlalchemy", "state.rules is not allowed to import sqlalchemy"),
        ("state/usecases", "import asyncio", "state.usecases is not allowed to import asyncio"),
        (
            "knowledge/answering",
            "import random",
            "knowledge.answering is not allowed to import random",
        ),
        (
            "bot/presentation/views",
            "import aiogram",
            "bot.presentation.views is not allowed to import aiogram",
        ),
        ("knowledge/answering", "import state.model", "knowledge is not allowed to import state"),
        ("state/rules", "import knowledge.tokens", "state is not allowed to import knowledge"),
        ("state/model", "import bot.presentation.reply", "state is not allowed to import bot"),
        ("state/rules", "import state.ports", "state.rules is not allowed to import state.ports"),
        (
            "bot/presentation/views",
            "import bot.incoming.turn_loop",
            "bot.presentation is not allowed to import bot.incoming",
        ),
        ("bot/app", "import bot.demo", "bot.app is not allowed to import bot.demo"),
        (
            "bot/incoming/handlers",
            "import state.store",
            "bot.incoming is not allowed to import state.store",
        ),
        (
            "bot/outgoing",
            "import bot.gateways.twilio",
            "bot.outgoing is not allowed to import bot.gateways.twilio",
        ),
        ("knowledge/drawer", "", "every child of every container must be declared"),
    ],
)
def test_a_forbidden_import_is_refused(
    tmp_path: Path, room: str, line: str, complaint: str
) -> None:
    root = plant(skeleton(tmp_path), {f"{room}/__init__.py": line})

    verdict = lint_imports(root)

    assert complaint in verdict.said
    assert verdict.code == 1
