"""A small, valid library for tests, as values and as files."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from knowledge.library.loader import read_library, shipped_folder
from knowledge.model import Article, Category, Library, Slug, Source

TODAY = date(2026, 11, 23)

TEA = """\
---
slug: green-tea
title: Green tea
category: Drinks
language: en
questions:
  - how do I brew green tea
  - how hot may the water be
  - how long does it steep
  - why is my tea bitter
  - can I use the leaves again
  - how much tea for one cup
  - best pot for green tea
  - is there caffeine in it
related:
  - black-bread
sources:
  - name: A tin's label
    url: https://example.com/tea
checked_on: 2026-11-01
numbers: {minutes: 3}
---
Let it steep for **3 minutes**.

<!-- more -->

The leaves can be used *again*.
"""

BREAD = """\
---
slug: black-bread
title: Black bread
category: Food
language: en
questions:
  - how do I bake black bread
  - which flour goes into it
  - how long in the oven
  - is it sour
  - does it keep for a week
  - can I freeze a loaf
  - what goes on top
  - why did the dough not rise
related: []
action: progress
sources:
  - name: Grandmother
checked_on: 2026-11-01
numbers: {}
---
Rye flour, water and time.
"""

CATEGORIES = "- Drinks\n- Food\n"


def folder(at: Path, files: Mapping[str, str] | None = None) -> Path:
    """Write the two sample articles under `en`, with `files` added or replaced."""
    shelf = {"green-tea.md": TEA, "black-bread.md": BREAD, "categories.yaml": CATEGORIES}
    (at / "en").mkdir()
    for name, text in {**shelf, **(files or {})}.items():
        (at / "en" / name).write_text(text, encoding="utf-8")
    return at


def an_article(slug: str, *questions: str, language: str = "en") -> Article:
    return Article(
        slug=Slug(slug),
        title=slug.replace("-", " "),
        category="Drinks",
        language=language,
        questions=questions,
        short="Text.",
        checked_on=TODAY,
        sources=(Source(name="A tin's label"),),
    )


def a_library(*articles: Article) -> Library:
    languages = sorted({article.language for article in articles})
    return Library(
        categories_by_language={
            language: (
                Category(
                    name="Drinks",
                    articles=tuple(one for one in articles if one.language == language),
                ),
            )
            for language in languages
        }
    )


@cache
def shipped_library() -> Library:
    return read_library(shipped_folder())
