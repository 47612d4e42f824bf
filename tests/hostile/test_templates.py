"""No template can put words of others past the escaping."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from bot.presentation.templates import templates_folder
from tests.architecture.source import ROOT

TEMPLATES = sorted(templates_folder().rglob("*.html"))
WAYS_ROUND = {"safe", "striptags", "xmlattr", "urlize", "forceescape", "tojson"}
"""Filters whose outcome is not escaped again."""
MARKS_AS_SAFE = {"bot/presentation/templates.py", "bot/web/staff/views/drafts.py"}
"""Where Python may say of a text that it is markup already: what Markdown without HTML became."""
NOT_A_LITERAL = re.compile(r"""Markup\((?!['"])""")


def ways_round(text: str) -> Iterator[str]:
    tree = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(text)
    yield from (f.name for f in tree.find_all(nodes.Filter) if f.name in WAYS_ROUND)
    yield from ("autoescape" for _ in tree.find_all(nodes.ScopedEvalContextModifier))
    yield from (
        f"attribute {one.attr}" for one in tree.find_all(nodes.Getattr) if one.attr.startswith("_")
    )


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_every_value_in_a_template_is_escaped(path: Path) -> None:
    assert list(ways_round(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("{{ name | safe }}", "safe"),
        ("{% autoescape false %}{{ name }}{% endautoescape %}", "autoescape"),
        ("{{ name.__class__ }}", "attribute __class__"),
    ],
)
def test_a_template_that_bypasses_escaping_is_detected(text: str, way: str) -> None:
    assert list(ways_round(text)) == [way]


def test_only_the_markdown_renderer_marks_its_output_as_safe() -> None:
    sources = [
        path for room in ("bot", "knowledge", "state") for path in (ROOT / room).rglob("*.py")
    ]
    naming = {
        path.relative_to(ROOT).as_posix()
        for path in sources
        if NOT_A_LITERAL.search(path.read_text(encoding="utf-8"))
    }

    assert naming == MARKS_AS_SAFE
