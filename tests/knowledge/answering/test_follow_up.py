import pytest

from knowledge.answering.follow_up import FollowUpKind, asks, leaning, named, questions


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
        (
            "I like tea, which warms me, when it rains",
            ("I like tea, which warms me, when it rains",),
        ),
        ("I like tea, where is more", ("where is more",)),
        ("my tea is not green. it is Monday", ("my tea is not green",)),
        ("bread and butter", ("bread and butter",)),
        ("green tea. black bread", ("green tea", "black bread")),
        ("ok. tea", ()),
    ],
)
def test_a_message_is_split_into_its_questions(text: str, parts: tuple[str, ...]) -> None:
    assert questions(text) == parts


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("and on premium?", FollowUpKind.ON),
        ("what about black tea", FollowUpKind.ON),
        ("on premium?", FollowUpKind.PERHAPS),
        ("do they roll over?", FollowUpKind.ON),
        ("can I freeze one", FollowUpKind.ON),
        ("but sweeter", FollowUpKind.ON),
        ("how long?", FollowUpKind.WHOLLY),
        ("ok and how does it work?", FollowUpKind.WHOLLY),
        ("how do I brew green tea", FollowUpKind.NOT),
        ("and how do I brew tea", FollowUpKind.NOT),
        ("my bread is far too hard", FollowUpKind.NOT),
        ("and I would like to know how hot the water is", FollowUpKind.NOT),
        ("thanks", FollowUpKind.NOT),
        ("...", FollowUpKind.NOT),
    ],
)
def test_short_messages_refer_to_the_last_article(text: str, leans: FollowUpKind) -> None:
    assert leaning(text) == leans


@pytest.mark.parametrize(
    ("text", "words"), [("and on premium?", 1), ("what about connect members", 2), ("how?", 0)]
)
def test_a_message_may_name_an_article(text: str, words: int) -> None:
    assert named(text, "premium-members-connects") == words


def test_a_story_contains_no_question() -> None:
    assert asks("so how do I brew tea")
    assert not asks("my aunt came by yesterday")
