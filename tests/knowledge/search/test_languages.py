import json

import pytest

from knowledge.search.languages import known_languages, language_of
from knowledge.tokens import normalise
from tests.architecture.source import ROOT

DEV = ROOT / "tests/data/questions/languages-dev.jsonl"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("how do I get all of my Connects", "en"),
        ("¿cómo puedo cambiar el número?", "es"),
        ("como faço para mudar o número", "pt"),
        ("comment est-ce que je change mon numéro", "fr"),
        ("wie kann ich meine Nummer ändern", "de"),
        ("как мне поменять номер", "ru"),
        ("як змінити мій номер", "uk"),
        ("номер", "ru"),  # the first language of its script
        ("كيف أغير رقمي", "ar"),
        ("चक्र", "hi"),
        ("number kaise change karna hai", "hi"),
        ("電話番号を変えたい", "ja"),  # mostly Chinese characters
        ("怎么改电话号码", "zh"),
        ("번호", "ko"),
        ("ფინანსები", None),  # a script that is not in the list
        ("lorem dolor", None),
        ("no me", None),  # as much English as Spanish
        ("40!", None),
        ("", None),
    ],
)
def test_a_language_is_recognised_by_script_and_frequent_words(
    text: str, language: str | None
) -> None:
    assert language_of(normalise(text)) == language


def test_a_language_that_is_recognised_is_nearly_always_the_right_one() -> None:
    rows = [json.loads(line) for line in DEV.read_text(encoding="utf-8").splitlines()]
    found = [(language_of(normalise(row["q"])), row["lang"]) for row in rows]

    assert sum(one == right for one, right in found) / len(found) >= 0.9
    assert sum(one not in {right, None} for one, right in found) / len(found) <= 0.02


def test_words_of_the_list_are_found_in_normalised_texts() -> None:
    strange = {
        (code, word)
        for code, signs in known_languages().items()
        for word in signs.words | signs.letters
        if normalise(word) != word
    }

    assert strange == set()
