import pytest

from knowledge.asking import leans_on_the_last, questions, small_talk
from knowledge.model import Talk


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Hi!", Talk.GREETING),
        ("hello there", Talk.GREETING),
        ("Good morning, sir. How are you?", Talk.GREETING),
        ("thanks a lot", Talk.THANKS),
        ("ok thank you so much!", Talk.THANKS),
        ("that helped", Talk.THANKS),
        ("ok", Talk.CHATTER),
        ("hahaha", Talk.CHATTER),
        ("bye", Talk.CHATTER),
        ("you are so stupid", Talk.ABUSE),
        ("useless bot", Talk.ABUSE),
        ("are you a human?", Talk.WHO),
        ("are you a real person or a bot", Talk.WHO),
        ("is this a bot", Talk.WHO),
        ("am I talking to a person", Talk.WHO),
        ("who are you", Talk.WHO),
    ],
)
def test_small_talk_is_known_by_its_kind(text: str, kind: Talk) -> None:
    assert small_talk(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "hi, how do I verify my phone",
        "thanks, but where is the code",
        "can I talk to a real person",
        "is there a person I can call",
        "the call is useless, no code",
        "okay to stop at 30?",
        "",
    ],
)
def test_a_question_is_no_small_talk(text: str) -> None:
    assert small_talk(text) is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("how do I brew tea", ("how do I brew tea",)),
        ("How hot? And how long does it steep?", ("How hot", "how long does it steep")),
        ("brew tea and how do I bake bread", ("brew tea", "how do I bake bread")),
        ("brew tea and also can I bake bread", ("brew tea", "can I bake bread")),
        ("Hello there! I am new. Why is it bitter", ("I am new", "Why is it bitter")),
        ("bread and butter", ("bread and butter",)),
        ("ok. tea", ()),
    ],
)
def test_a_message_falls_apart_where_a_new_question_begins(
    text: str, parts: tuple[str, ...]
) -> None:
    assert questions(text) == parts


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("and on premium?", True),
        ("what about black tea", True),
        ("on premium?", True),
        ("how do I brew green tea", False),
        ("and I would like to know how hot the water is", False),
    ],
)
def test_short_messages_lean_on_the_last_article(text: str, leans: bool) -> None:
    assert leans_on_the_last(text) == leans
