"""Articles whose words have nothing in common, so that each question has one answer at once."""

from collections.abc import Mapping
from pathlib import Path

from knowledge.answering.engine import AnswerEngine
from knowledge.library.loader import read_library
from knowledge.model import Found
from tests.support.scenes import few_articles

THINGS = [
    "harbour",
    "lantern",
    "orchard",
    "violin",
    "glacier",
    "cinnamon",
    "compass",
    "tortoise",
    "umbrella",
    "saffron",
    "bicycle",
    "parchment",
    "chimney",
    "dolphin",
    "marble",
    "cathedral",
    "pumpkin",
    "whistle",
    "hammock",
    "telescope",
    "walnut",
    "carousel",
    "beehive",
    "trumpet",
]
WAYS = ["paint", "carry", "repair", "store", "borrow", "clean", "measure", "describe"]

ARTICLE = """\
---
slug: {thing}
title: All about the {thing}
category: Profile
language: en
questions:
{questions}
related: []
sources:
  - name: A {thing} keeper's diary
    url: https://example.com/{thing}
checked_on: 2026-11-01
numbers: {{}}
---
Everybody needs a {thing}.
"""


def lay_out(at: Path) -> Mapping[str, str]:
    """Write the articles; the titles, which are the questions that get them, with their slugs."""
    folder = few_articles(at)
    for thing in THINGS:
        questions = "\n".join(f"  - {way} the {thing}" for way in WAYS)
        text = ARTICLE.format(thing=thing, questions=questions)
        (folder / "en" / f"{thing}.md").write_text(text, encoding="utf-8")
    engine = AnswerEngine(read_library(folder))
    slugs = {f"All about the {thing}": thing for thing in THINGS}
    for title, slug in slugs.items():
        found = engine.ask_all(title, "en", None)
        assert [each.article.slug for each in found if isinstance(each, Found)] == [slug], found
    return slugs
