import pytest

from knowledge.answering.small_talk import small_talk
from knowledge.model import Talk


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Hi!", Talk.GREETING),
        ("are you there?", Talk.GREETING),
        ("I have a question", Talk.GREETING),
        ("good bot", Talk.THANKS),
        ("thanks, well done", Talk.THANKS),
        ("\N{THUMBS UP SIGN}", Talk.THANKS),
        ("no thanks", Talk.CHATTER),
        ("never mind", Talk.CHATTER),
        ("???", Talk.CHATTER),
        ("that didn't help", Talk.UNHELPFUL),
        ("no, this is not what I asked", Talk.UNHELPFUL),
        ("wrong answer", Talk.UNHELPFUL),
        ("you don't understand", Talk.UNHELPFUL),
        ("this is bullshit", Talk.ABUSE),
        ("WTF", Talk.ABUSE),
        ("you guys are scammers", Talk.ABUSE),
        ("your bot sucks", Talk.ABUSE),
        ("\N{POUTING FACE}", Talk.ABUSE),
        ("help", Talk.HELP),
        ("what can you do?", Talk.HELP),
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
    ],
)
def test_each_kind_of_small_talk_is_recognised(text: str, kind: Talk) -> None:
    assert small_talk(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "hi, how do I verify my phone",
        "thanks, but where is the code",
        "can I talk to a real person",
        "is there a person I can call",
        "the call is useless, no code",
        "it didn't work",
        "is this a scam",
        "cancel",
        "help me verify my phone",
        "your bot is shit, how do I get my connects",
        "okay to stop at 30?",
        "",
    ],
)
def test_questions_are_not_small_talk(text: str) -> None:
    assert small_talk(text) is None
