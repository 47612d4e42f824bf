"""Phrasings listed under the sentence of the text that answers them."""

from pathlib import Path

import pytest

from knowledge.library.document import BadArticlesError, read_document
from knowledge.library.promises import promise_faults
from tests.knowledge.library.test_check import findings_of, run
from tests.support.libraries import TEA, folder

GROUPED = TEA.replace(
    """\
questions:
  - how do I brew green tea
  - how hot may the water be
  - how long does it steep
  - why is my tea bitter
  - can I use the leaves again
  - how much tea for one cup
  - best pot for green tea
  - is there caffeine in it
""",
    """\
questions:
  Let it steep for 3 minutes.:
    - how do I brew green tea
    - how long does it steep
    - why is my tea bitter
    - how much tea for one cup
  The leaves can be used again.:
    - can I use the leaves again
  'Not known: how hot the water was, and which pot is best.':
    - how hot may the water be
    - best pot for green tea
    - is there caffeine in it
""",
).replace(
    "used *again*.",
    "used\n*again*.\n\n**Not known:** how hot the water was, and which pot is best.",
)


def shelf(at: Path, text: str = GROUPED) -> Path:
    return folder(at, {"green-tea.md": text})


def test_phrasings_under_sentences_of_the_text_are_no_finding(tmp_path: Path) -> None:
    assert findings_of(shelf(tmp_path)) == []


def test_the_phrasings_of_all_groups_are_the_articles_in_order(tmp_path: Path) -> None:
    read = read_document(shelf(tmp_path) / "en" / "green-tea.md")

    assert read.article.questions[:2] == ("how do I brew green tea", "how long does it steep")
    assert len(read.article.questions) == 8
    assert [len(group.phrasings) for group in read.groups] == [4, 1, 3]


def test_a_plain_list_has_no_groups_and_needs_none(tmp_path: Path) -> None:
    assert read_document(folder(tmp_path) / "en" / "green-tea.md").groups == ()


def test_phrasings_under_not_known_are_those_that_no_page_answers(tmp_path: Path) -> None:
    article = read_document(shelf(tmp_path) / "en" / "green-tea.md").article

    assert article.not_said == {
        "how hot may the water be",
        "best pot for green tea",
        "is there caffeine in it",
    }


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("The leaves can be used again.", "The leaves are thrown away."),
        ("The leaves can be used again.", "All the leaves can be used again."),
        ("The leaves can be used again.", "The leaves can be used again and again."),
        ("The leaves", "The leaves can be used again."),
    ],
)
def test_a_sentence_that_the_text_does_not_have_is_a_finding(
    tmp_path: Path, sentence: str, text: str
) -> None:
    grouped = GROUPED.replace("  The leaves can be used again.:", f"  {sentence}:").replace(
        "The leaves can be used\n*again*.", text
    )

    assert findings_of(shelf(tmp_path, grouped)) == [
        ("green-tea.md", 12, f"questions: the text has no sentence {sentence!r}")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "It is so: The leaves can be used again.",
        "- one\n- The leaves can be used again.",
        "{% if linked %}\nThe leaves can be used again.\n{% endif %}\nSo it is.",
        "`The leaves` can be [used](https://x.org) again. Really!",
    ],
)
def test_a_sentence_may_stand_anywhere_with_any_markup(tmp_path: Path, text: str) -> None:
    grouped = GROUPED.replace("The leaves can be used\n*again*.", text)

    assert findings_of(shelf(tmp_path, grouped)) == []


def test_phrasings_to_review_are_told_to_reviewers_alone(tmp_path: Path) -> None:
    added = GROUPED.replace("related:", "  to review:\n    - is it green\nrelated:")
    at = shelf(tmp_path, added)

    assert findings_of(at) == [
        ("green-tea.md", 18, "questions: 1 to review: name the sentence for each")
    ]
    assert run(at, None) == []


def test_without_those_to_review_a_missing_sentence_is_still_a_fault(tmp_path: Path) -> None:
    added = GROUPED.replace("related:", "  to review:\n    - is it green\nrelated:")
    broken = added.replace("  The leaves can be used again.:", "  The leaves are blue.:")
    read = read_document(shelf(tmp_path, broken) / "en" / "green-tea.md")

    [fault] = promise_faults(read, to_review=False)

    assert fault.message == "questions: the text has no sentence 'The leaves are blue.'"


def test_a_phrasing_of_two_articles_is_found_inside_its_group(tmp_path: Path) -> None:
    twice = GROUPED.replace("can I use the leaves again", "is it sour")

    assert findings_of(shelf(tmp_path, twice)) == [
        ("green-tea.md", 13, "questions: 'is it sour' is asked by black-bread too")
    ]


@pytest.mark.parametrize(
    ("before", "after", "line", "message"),
    [
        ("    - can I use the leaves again\n", "", 6, "questions: Input should be a valid list"),
        (
            "  The leaves can be used again.:",
            "  Let it steep for 3 minutes.:",
            12,
            "Let it steep for 3 minutes.: is given 2 times",
        ),
    ],
)
def test_groups_that_cannot_be_read_are_told_with_their_line(
    tmp_path: Path, before: str, after: str, line: int, message: str
) -> None:
    at = shelf(tmp_path, GROUPED.replace(before, after))

    with pytest.raises(BadArticlesError) as caught:
        read_document(at / "en" / "green-tea.md")

    assert [(one.line, one.message) for one in caught.value.findings] == [(line, message)]
