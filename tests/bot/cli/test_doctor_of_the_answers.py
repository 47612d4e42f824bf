"""What the doctor says of how questions are answered."""

import pytest

from bot.articles.catalogue import MULTILINGUAL, SEMANTIC
from tests.bot.cli.terminal import Terminal
from tests.support.answer_engines import NO_LANGUAGES, need


def test_an_encoder_that_cannot_be_loaded_is_named(bare: Terminal) -> None:
    ended = bare.run("doctor", sentence_model="nowhere", answers="auto")

    assert "\nwrong   HELPDESK_SENTENCE_MODEL is wrong: " in ended.out


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("words", "by words alone, as HELPDESK_ANSWERS=words says"),
        ("english", "by meaning in English, by words in other languages, as HELPDESK_ANSWERS="),
        ("auto", "by meaning, in all languages"),
    ],
)
def test_the_doctor_says_what_questions_are_compared_by(
    bare: Terminal, answers: str, said: str
) -> None:
    need([*SEMANTIC, *MULTILINGUAL], NO_LANGUAGES)

    assert f"ok      answers: {said}" in bare.run("doctor", answers=answers).out
