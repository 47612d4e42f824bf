"""Articles as staff begin or change them."""

import subprocess
from datetime import date
from pathlib import Path

import pytest

from knowledge.library.document import read_document
from knowledge.library.drafting import (
    LONGEST_SLUG,
    CannotAddError,
    Draft,
    Proposal,
    render_draft,
    slug_of,
    with_phrasing,
)
from knowledge.library.loader import shipped_folder
from tests.support.libraries import TEA

ARTICLE = "en/connects-rollover.md"
HOSTILE = [
    "does it: matter?",
    "- a list",
    'what\'s "this"',
    "# no remark",
    "{% if x %}",
    "yes",
    "12",
    "null",
    "ümläut 日本",
    "[a, b]",
    "&anchor *alias",
    "---",
]


def shipped(path: str) -> str:
    return (shipped_folder() / path).read_text(encoding="utf-8")


def draft(**changes: str) -> Draft:
    fields = {
        "slug": "gifts",
        "title": "May I give Connects away?",
        "category": "Membership & Connects",
        "short": "No: they stay with your account.",
        "more": "",
        "source": "staff",
    } | changes
    return Draft(
        **fields,
        language="en",
        questions=[f"may I give {n} away" for n in "abcdefgh"],
        checked_on=date(2026, 11, 23),
    )


@pytest.mark.parametrize("phrasing", HOSTILE)
def test_a_phrasing_is_appended_and_nothing_else_changes(tmp_path: Path, phrasing: str) -> None:
    before = read_document(shipped_folder() / ARTICLE).article
    file = tmp_path / "en" / Path(ARTICLE).name
    file.parent.mkdir()

    file.write_text(with_phrasing(shipped(ARTICLE), phrasing), encoding="utf-8")

    after = read_document(file).article
    assert after.questions == (*before.questions, phrasing)
    assert (after.title, after.short, after.more) == (before.title, before.short, before.more)


@pytest.mark.parametrize(
    "path", sorted(shipped_folder().glob("en/*.md")), ids=lambda one: one.stem
)
def test_every_shipped_article_accepts_a_new_phrasing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    after = with_phrasing(text, "one more way")

    assert [line for line in after.split("\n") if line not in text.split("\n")] == [
        "  to review:",
        "    - one more way",
    ]


def test_a_second_phrasing_to_review_joins_the_first() -> None:
    text = with_phrasing(shipped(ARTICLE), "one more way")

    after = with_phrasing(text, "another way")

    assert "  to review:\n    - one more way\n    - another way\nrelated:" in after


def test_a_plain_list_stays_plain() -> None:
    after = with_phrasing(TEA, "one more way")

    assert after == TEA.replace("related:", "  - one more way\nrelated:")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no front matter",
        "---\nquestions: [a, b]\n---\nText\n",
        "---\n{\n---\nText\n",
        "---\nquestions: {}\n---\nText\n",
        "---\nquestions: {A.: [a]}\n---\nText\n",
        "---\nquestions:\n  A.: [a]\n---\nText\n",
    ],
)
def test_questions_that_are_no_list_of_lines_are_refused(text: str) -> None:
    with pytest.raises(CannotAddError):
        with_phrasing(text, "one more")


def test_the_diff_can_be_applied(tmp_path: Path) -> None:
    before, after = shipped(ARTICLE), with_phrasing(shipped(ARTICLE), "one more way")
    (tmp_path / "en").mkdir()
    (tmp_path / ARTICLE).write_text(before, encoding="utf-8")

    change = Proposal(path=ARTICLE, before=before, after=after).difference
    subprocess.run(["git", "apply", "-"], input=change, cwd=tmp_path, text=True, check=True)

    assert (tmp_path / ARTICLE).read_text(encoding="utf-8") == after


@pytest.mark.parametrize("text", HOSTILE)
def test_a_draft_is_parsed_back_unchanged(tmp_path: Path, text: str) -> None:
    file = tmp_path / "en" / "gifts.md"
    file.parent.mkdir()

    file.write_text(render_draft(draft(title=text, source=text, more="More.")), encoding="utf-8")

    found = read_document(file).article
    assert (found.title, found.sources[0].name) == (text, text)
    assert (found.short, found.more) == ("No: they stay with your account.", "More.")
    assert len(found.questions) == 8


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("May I give Connects away?", "may-i-give-connects-away"),
        ("  ", ""),
        ("../../etc/passwd", "etc-passwd"),
        ("a" * 50, ""),
        ("word " * 20, "word-word-word-word-word-word-word-word"),
    ],
)
def test_a_title_is_turned_into_a_slug(title: str, slug: str) -> None:
    assert slug_of(title) == slug
    assert len(slug) <= LONGEST_SLUG
