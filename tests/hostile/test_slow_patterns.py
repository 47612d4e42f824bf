"""No text that people write takes long to look through, whatever it is made of."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.source import ROOT
from tests.hostile.patterns import FOLDERS, made_elsewhere, patterns, patterns_of, slow


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_regular_expression_takes_linear_time(folder: str) -> None:
    found = patterns(ROOT, folder)

    assert found
    assert slow(found) == []


def test_every_regular_expression_has_a_name() -> None:
    assert made_elsewhere(ROOT, *FOLDERS) == []


@pytest.mark.parametrize(
    "seeded",
    [
        r"@+@+@+!",  # cubic, and only over its own sign
        r"\S+@\S+\.\S+",
        r"\s+and\b",  # quadratic
        r"x[a-z]*y",  # quadratic only over its own first letter
        r"<b>.*?</b>",  # quadratic only over its own tag
    ],
)
def test_a_slow_regular_expression_is_detected(seeded: str) -> None:
    assert slow({"seeded": re.compile(seeded)}) != []


def test_regular_expressions_inside_containers_are_found() -> None:
    module = ModuleType("seeded")
    one, two, three = map(re.compile, "abc")
    vars(module).update({"_ONE": one, "_TABLE": ((two, "instead"),), "_BY_KIND": {"k": [three]}})

    assert dict(patterns_of(module)) == {
        "_ONE": one,
        "_TABLE[0][0]": two,
        "_BY_KIND['k'][0]": three,
    }


@pytest.mark.parametrize(
    "line",
    ['def f(t): return re.sub("a", "", t)', 'def f(): return re.compile("a")', 're.match("a", T)'],
)
def test_an_unnamed_regular_expression_is_refused(line: str, tmp_path: Path) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot/new.py").write_text(f"import re\n_GOOD = re.compile('a')\n{line}\n")

    (fault,) = made_elsewhere(tmp_path, "bot")

    assert fault.startswith("bot/new.py:3: ")
