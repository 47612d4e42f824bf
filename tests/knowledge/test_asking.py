import pytest

from knowledge.asking import Leaning, asks, leaning, named, questions, small_talk
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
        ("Hello there! I am new. Why is it bitter", ("Why is it bitter",)),
        ("I brewed it … why so bitter? ok", ("why so bitter",)),
        ("I like tea, can I get more", ("can I get more",)),
        ("my tea is not green. it is Monday", ("my tea is not green",)),
        ("bread and butter", ("bread and butter",)),
        ("green tea. black bread", ("green tea", "black bread")),
        ("ok. tea", ()),
    ],
)
def test_a_message_falls_apart_into_what_it_asks(text: str, parts: tuple[str, ...]) -> None:
    assert questions(text) == parts


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("and on premium?", Leaning.ON),
        ("what about black tea", Leaning.ON),
        ("on premium?", Leaning.ON),
        ("do they roll over?", Leaning.ON),
        ("can I freeze one", Leaning.ON),
        ("but sweeter", Leaning.ON),
        ("how long?", Leaning.WHOLLY),
        ("ok and how does it work?", Leaning.WHOLLY),
        ("how do I brew green tea", Leaning.NOT),
        ("and how do I brew tea", Leaning.NOT),
        ("my bread is far too hard", Leaning.NOT),
        ("and I would like to know how hot the water is", Leaning.NOT),
        ("thanks", Leaning.NOT),
        ("...", Leaning.NOT),
    ],
)
def test_short_messages_lean_on_the_last_article(text: str, leans: Leaning) -> None:
    assert leaning(text) == leans


@pytest.mark.parametrize(
    ("text", "words"), [("and on premium?", 1), ("what about connect members", 2), ("how?", 0)]
)
def test_a_message_may_name_an_article(text: str, words: int) -> None:
    assert named(text, "premium-members-connects") == words


def test_a_story_asks_nothing() -> None:
    assert asks("so how do I brew tea")
    assert not asks("my aunt came by yesterday")
