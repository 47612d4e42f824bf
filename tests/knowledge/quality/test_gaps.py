import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from knowledge.quality.gaps import ALIKE, Missed, group_questions

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def missed(*texts: str, how: str = "nothing", language: str = "en") -> list[Missed]:
    return [
        Missed(words=text, language=language, how=how, asked_at=NOON + timedelta(minutes=place))
        for place, text in enumerate(texts)
    ]


def test_differently_worded_questions_with_the_same_intent_form_one_gap() -> None:
    asked = missed(
        "can I transfer connects to a friend?",
        "transferring connects to my friend",
        "is there a dark mode",
        "Transfer of connects to friends",
    )

    first, second = group_questions(asked)

    assert (first.count, second.count) == (3, 1)
    assert second.question == "is there a dark mode"


def test_a_gap_is_named_by_its_most_frequent_wording() -> None:
    [gap] = group_questions(
        missed("Dark mode please", "dark mode", "is there a dark mode", "Dark  mode")
    )

    assert gap.question == "dark mode"


def test_a_gap_counts_failures_by_kind_and_knows_the_latest() -> None:
    asked = [*missed("dark mode"), *missed("dark mode", "dark mode", how="outdated")]

    [gap] = group_questions(asked)

    assert gap.how == {"nothing": 1, "outdated": 2}
    assert gap.last_at == NOON + timedelta(minutes=1)
    assert gap.language == "en"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("can I get a refund of my plan", "can I get a badge for my plan"),
        ("how do I do this", "why would you be so"),
        ("???", "!!! 7"),
    ],
)
def test_common_words_alone_do_not_make_questions_similar(one: str, other: str) -> None:
    assert len(group_questions(missed(one, other))) == 2


def test_questions_without_words_form_one_gap() -> None:
    assert [gap.count for gap in group_questions(missed("???", "!!!"))] == [2]


def test_questions_in_other_languages_are_grouped() -> None:
    [gap] = group_questions(missed("Dunkler Modus?", "dunkler Modus bitte dunkler", language="de"))

    assert gap.count == 2


def test_a_question_with_a_count_weighs_that_many_times() -> None:
    many = [replace(one, count=5) for one in missed("dark mode please")]

    [gap] = group_questions([*missed("dark mode", "dark mode", how="unsure"), *many])

    assert (gap.count, gap.question) == (7, "dark mode please")
    assert gap.how == {"nothing": 5, "unsure": 2}


def test_groups_equal_those_of_pairwise_comparison() -> None:
    words = [f"w{number}x" for number in range(12)]
    dice = random.Random(7)
    asked = missed(*(" ".join(dice.choices(words, k=dice.randint(1, 5))) for _ in range(400)))

    groups: list[tuple[set[str], list[Missed]]] = []
    for one in asked:
        about = set(one.words.split())
        near = max(groups, key=lambda group: alike(about, group[0]), default=(set(), []))
        if alike(about, near[0]) < ALIKE:
            near = (about, [])
            groups.append(near)
        near[1].append(one)

    expected = sorted((members for _, members in groups), key=lambda members: -len(members))
    assert [gap.missed for gap in group_questions(asked)] == expected


def alike(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)
