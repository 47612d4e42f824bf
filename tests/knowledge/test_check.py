from datetime import date
from pathlib import Path

import pytest

from knowledge.check import check
from knowledge.document import Finding
from tests.knowledge.shelves import BREAD, TEA, TODAY, folder

NUMBERS = {"minutes": 3.0, "hours": 8.0}


def findings_of(at: Path, today: date = TODAY) -> list[tuple[str, int, str]]:
    return [(one.path.name, one.line, one.message) for one in run(at, today)]


def run(at: Path, today: date) -> list[Finding]:
    return check(at, numbers=NUMBERS, today=today)


def test_good_articles_have_no_findings(tmp_path: Path) -> None:
    assert findings_of(folder(tmp_path)) == []


@pytest.mark.parametrize(
    ("before", "after", "line", "message"),
    [
        ("{minutes: 3}", "{hours: 3}", 21, "numbers: hours is 3 here and 8 in the policy"),
        ("{minutes: 3}", "{days: 3}", 21, "numbers: the policy has no number days"),
        ("**3 minutes**", "three minutes", 21, "numbers: minutes = 3 is not in the text"),
        ("**3 minutes**", "13 minutes", 21, "numbers: minutes = 3 is not in the text"),
        ("url: https", "url: http", 19, "sources: http://example.com/tea is not https"),
        ("*again*", "[again](http://x.org)", 27, "link: http://x.org is not https"),
        ("*again*", "[again](#tea)", 27, "link: #tea is not https"),
        ("*again*", "![again](https://x.org)", 27, "Markdown: image is not used in articles"),
        ("*again*", "<b>again</b>", 27, "Markdown: html_inline is not used in articles"),
        ("The leaves", "# The leaves", 27, "Markdown: heading is not used in articles"),
        ("The leaves", "> The leaves", 27, "Markdown: blockquote is not used in articles"),
        ("The leaves", "- a\n  - b", 28, "Markdown: a list inside a list"),
        ("<!-- more -->", "<!-- less -->", 25, "Markdown: html_block is not used in articles"),
        ("checked_on: 2026-11-01", "checked_on: 2026-11-24", 20, "checked_on: 2026-11-24 is st"),
        ("can I use the leaves again", "is it sour", 11, "questions: 'is it sour' is asked by"),
        ("can I use the leaves again", "Why is my tea bitter?", 11, "questions: 'Why is my tea"),
        ("The leaves", "x" * 4096, 23, "the article has 4"),
        ("title: Green tea\n", "", 2, "title: Field required"),
    ],
)
def test_a_fault_is_found_with_file_and_line(
    tmp_path: Path, before: str, after: str, line: int, message: str
) -> None:
    broken = folder(tmp_path, {"green-tea.md": TEA.replace(before, after, 1)})

    path, found_line, found = findings_of(broken)[0]

    assert path == "green-tea.md"
    assert found.startswith(message)
    assert found_line == line


def test_everything_of_the_small_markdown_is_allowed(tmp_path: Path) -> None:
    text = "**a** *b* `c` [d](https://x.org)\ne\n\n- f\n- g\n\n1. h\n2. i"

    good = folder(tmp_path, {"green-tea.md": TEA.replace("The leaves", text)})

    assert findings_of(good) == []


def test_an_article_that_nobody_looked_at_for_long_is_a_finding(tmp_path: Path) -> None:
    stale = findings_of(folder(tmp_path), date(2027, 12, 7))

    assert stale == [
        ("black-bread.md", 19, "checked_on: nobody has looked since 2026-11-01"),
        ("green-tea.md", 20, "checked_on: nobody has looked since 2026-11-01"),
    ]


def test_an_article_is_not_stale_on_its_last_day(tmp_path: Path) -> None:
    assert findings_of(folder(tmp_path), date(2027, 12, 6)) == []


def test_the_same_question_in_another_language_is_no_repetition(tmp_path: Path) -> None:
    both = folder(tmp_path)
    (both / "de").mkdir()
    (both / "de" / "categories.yaml").write_text("- Food\n", encoding="utf-8")
    (both / "de" / "black-bread.md").write_text(
        BREAD.replace("language: en", "language: de"), encoding="utf-8"
    )

    assert findings_of(both) == []
