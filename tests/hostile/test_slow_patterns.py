"""No text that people write takes long to look through, whatever it is made of."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.source import ROOT
from tests.hostile.patterns import FOLDERS, made_elsewhere, patterns, patterns_of, slow


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_pattern_of_the_product_takes_linear_time(folder: str) -> None:
    found = patterns(ROOT, folder)

    assert found
    assert slow(found) == []


def test_every_pattern_has_a_name_by_which_it_is_found() -> None:
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
def test_a_slow_pattern_is_found(seeded: str) -> None:
    assert slow({"seeded": re.compile(seeded)}) != []


def test_patterns_are_found_in_what_holds_them() -> None:
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
def test_a_pattern_without_a_name_is_refused(line: str, tmp_path: Path) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot/new.py").write_text(f"import re\n_GOOD = re.compile('a')\n{line}\n")

    (fault,) = made_elsewhere(tmp_path, "bot")

    assert fault.startswith("bot/new.py:3: ")
