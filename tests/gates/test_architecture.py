"""Each checker of the tests in `architecture` is shown one fault, and the same without it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.test_attacks import drift
from tests.architecture.test_buttons import dead_buttons, missing_labels, unused_labels
from tests.architecture.test_docstrings import unexplained_modules
from tests.architecture.test_handlers import (
    long_handlers,
    misplaced_catch_all,
    words_in_handlers,
)
from tests.architecture.test_matches import open_matches
from tests.architecture.test_purity import waiting_in_pure_modules
from tests.architecture.test_sizes import (
    junk_drawers,
    long_functions,
    long_modules,
    long_test_files,
    names_defined_twice,
    wide_folders,
)
from tests.architecture.test_templates import missing_templates, unused_templates
from tests.gates.tree import plant

HANDLER = "bot/incoming/handlers/verify.py"
CONTENTS = "bot/incoming/handlers/__init__.py"
VIEW = "bot/presentation/views/verification.py"
SHOWN = "Reply(template='call_wait')\n"
CLOSED = (
    "match it:\n    case Found(): ...\n    case Nothing(): ...\n    case _: assert_never(it)\n"
)
SURROUNDINGS = {
    "templates/messages/call_wait.html": "Wait.",
    "templates/messages/buttons.html": "{% macro call_me() %}Call me{% endmacro %}",
    "bot/presentation/renderer.py": '"""Says words."""\nWORDS = "messages/buttons.html"\n',
    "bot/presentation/buttons.py": '"""Payloads."""\nclass Verify(Payload): ...\n',
    "tests/test_code.py": "@pytest.mark.attack('T01')\ndef test_a_code(): ...\n",
    "docs/verification.md": "| T01 | a code | both | `test_a_code` |\n",
}


def a_function(lines: int, *, name: str = "verify") -> str:
    return f"def {name}():\n    '''Not counted.'''\n" + "    1\n" * lines


def waiting_rules(root: Path) -> list[str]:
    return waiting_in_pure_modules(root, "state/rules")


@pytest.mark.parametrize(
    ("checker", "name", "innocent", "seeded"),
    [
        (unexplained_modules, "bot/incoming/turn_loop.py", "'''Turns.'''\n", "turn = 1\n"),
        (long_handlers, HANDLER, a_function(15), a_function(16)),
        (words_in_handlers, HANDLER, "'''Ask a call.'''\nx = 'call'\n", "x = 'Call me'\n"),
        (words_in_handlers, HANDLER, "x = f'call:{n}'\n", "x = f'Call {n}'\n"),
        (
            misplaced_catch_all,
            CONTENTS,
            "ALL = (*start.ROUTES, *ask.ROUTES)\n",
            "ALL = (*ask.ROUTES, *start.ROUTES)\n",
        ),
        (
            misplaced_catch_all,
            CONTENTS,
            "listed(start.ROUTES, ask.ROUTES)\n",
            "listed(start.ROUTES)\n",
        ),
        (waiting_rules, "state/rules/codes.py", "def code(): ...\n", "async def code(): ...\n"),
        (waiting_rules, "state/rules.py", "def code(): ...\n", "class A:\n    async def b(): ..."),
        (long_modules, "bot/incoming/turn_loop.py", "1\n" * 400, "1\n" * 401),
        (
            names_defined_twice,
            "state/rules/rounds.py",
            "class Attempts: ...\n_Lane: TypeAlias = str\n",
            "class Verify: ...\n",
        ),
        (long_functions, "bot/incoming/turn_loop.py", a_function(38), a_function(39)),
        (long_test_files, "tests/test_turn.py", "1\n" * 300, "1\n" * 301),
        (
            open_matches,
            "bot/incoming/turn_loop.py",
            CLOSED,
            CLOSED.replace("assert_never(it)", "pass"),
        ),
        (
            open_matches,
            "bot/incoming/turn_loop.py",
            CLOSED,
            CLOSED.replace("    case _: assert_never(it)", ""),
        ),
        (
            open_matches,
            "bot/incoming/turn_loop.py",
            "match text:\n    case str(): ...\n    case _: ...\n",
            "match end:\n    case Ending.BUSY | Ending.LOCKED: ...\n    case _: ...\n",
        ),
        (drift, "docs/verification.md", "| T01 | c | b | `test_a_code` |\n", "| T01 | c | b | |"),
        (
            drift,
            "tests/test_door.py",
            "def test_a_door(): ...\n",
            "@pytest.mark.attack('T02')\ndef test_a_door(): ...\n",
        ),
        (missing_templates, VIEW, SHOWN, "Reply(template='call_weit')\n"),
        (
            missing_templates,
            VIEW,
            "Reply(template=f'call_{how}')\n",
            "Reply(template='call_wait' if late else f'coll_{how}')\n",
        ),
        (
            missing_templates,
            "templates/messages/more.html",
            "",
            "{% include 'no.html' %}",
        ),
        (missing_labels, VIEW, "Button(label='call_me')\n", "Button(label='call_you')\n"),
        (unused_labels, VIEW, "words.label('call_me')\n", "words.label('call_you')\n"),
        (dead_buttons, HANDLER, "ROUTES = (button(Verify, ask),)\n", "def hear(): Verify()\n"),
        (unused_templates, VIEW, SHOWN, "Reply(template='call_weit')\n"),
        (unused_templates, VIEW, "NAMES = {1: f'call_{how}'}\n", "'''call_wait'''\n"),
    ],
)
def test_each_checker_finds_its_fault_and_nothing_else(
    tmp_path: Path,
    checker: Callable[[Path], list[str]],
    name: str,
    innocent: str,
    seeded: str,
) -> None:
    root = plant(tmp_path, {**SURROUNDINGS, name: innocent})
    before = checker(root)

    after = checker(plant(root, {name: seeded}))

    assert before == []
    assert len(after) == 1


def test_a_folder_with_too_many_modules_is_detected(tmp_path: Path) -> None:
    twenty = {f"state/rules/rule_{place}.py": "" for place in range(20)}
    root = plant(tmp_path, {"state/rules/__init__.py": "", "bot/app.py": "", **twenty})
    before = wide_folders(root)

    after = wide_folders(plant(root, {"state/rules/one_more.py": ""}))

    assert before == []
    assert after == ["state/rules: 21 modules"]


@pytest.mark.parametrize("name", ["state/rules/utils/numbers.py", "tests/helpers.py"])
def test_a_junk_drawer_module_is_detected(tmp_path: Path, name: str) -> None:
    root = plant(tmp_path, {name: "", "state/rules/progress.py": "", "bot/useful.py": ""})

    found = junk_drawers(root)

    assert found == [f"{name}: name it after what it holds"]
