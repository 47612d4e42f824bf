"""Messages that lean on the last answer, hold two questions, or wrap one into a story.

With the shipped articles: by words alone, and by words and meaning where the model is installed.
"""

import pytest

from knowledge.model import Answer, Found, Slug
from knowledge.search.thresholds import ScoreSource
from tests.support.answer_engines import shipped_engine

LEANING = [
    ("unlock-40-connects", "and on premium?", "premium-members-connects"),
    ("unlock-40-connects", "what about paid plans?", "membership-plans"),
    ("unlock-40-connects", "do they roll over?", "connects-rollover"),
    ("unlock-40-connects", "how long?", "unlock-40-connects"),
    ("unlock-40-connects", "is it needed every month?", "connects-steps-only-once"),
    ("withdraw-earnings", "how long?", "withdraw-earnings"),
    ("withdraw-earnings", "how long does it take?", "withdraw-earnings"),
    ("withdraw-earnings", "is it free?", "withdraw-earnings"),
    ("withdraw-earnings", "and to paypal?", "withdraw-earnings"),
    ("withdraw-earnings", "why?", "withdraw-earnings"),
    ("verify-phone-number", "and if the call never comes?", "phone-verification-problems"),
    ("verify-phone-number", "what about a new number?", "change-phone-number"),
    ("verify-phone-number", "can I change it later?", "change-phone-number"),
    ("verify-phone-number", "why is that needed?", "verify-phone-number"),
    ("verify-phone-number", "how many times?", "verify-phone-number"),
    ("what-are-connects", "what if they run out?", "run-out-of-connects"),
    ("membership-plans", "how do I upgrade?", "upgrade-membership"),
    ("membership-plans", "and cancelling?", "downgrade-or-cancel-membership"),
    ("upgrade-membership", "and back again to basic?", "downgrade-connects-requirements"),
    ("escrow-fixed-price", "and for hourly jobs?", "work-view-and-tracker"),
    ("reach-80-percent-profile", "and the portfolio?", "portfolio-items"),
    ("reach-80-percent-profile", "what about skills?", "profile-skills-and-tests"),
    ("reach-80-percent-profile", "how exactly?", "reach-80-percent-profile"),
    ("id-verification", "why do I need that?", "id-verification"),
    ("verify-email", "and the phone?", "verify-phone-number"),
    ("connects-rollover", "and on premium?", "premium-members-connects"),
    ("connects-per-proposal", "and if I have none left?", "run-out-of-connects"),
]
LEANING_BY_MEANING = [
    ("what-are-connects", "how many per proposal?", "connects-per-proposal"),
    ("unlock-40-connects", "and if I stop at 30?", "fewer-than-40-connects-ok"),
    ("unlock-40-connects", "why only 30?", "connects-steps-add-up-to-30"),
]
"""Words alone don't tell these."""
STANDING = [
    ("unlock-40-connects", "how do I withdraw my money?"),
    ("unlock-40-connects", "and how do I withdraw my money?"),
    ("withdraw-earnings", "how do I verify my phone number?"),
    ("withdraw-earnings", "also, how do I change my phone number?"),
    ("withdraw-earnings", "what are connects?"),
    ("verify-phone-number", "do unused connects roll over?"),
    ("verify-phone-number", "how many connects does a proposal cost"),
    ("membership-plans", "I forgot my password"),
    ("membership-plans", "how do I add a portfolio item?"),
    ("escrow-fixed-price", "what is the elance pledge"),
    ("escrow-fixed-price", "is elance closed?"),
    ("what-are-connects", "my account is suspended, why?"),
    ("what-are-connects", "where do I take a skill test?"),
    ("verify-email", "can two people share one account?"),
    ("verify-email", "who won the world cup?"),
    ("connects-rollover", "what's the weather like in Paris today"),
    ("connects-rollover", "thanks!"),
    ("id-verification", "hello"),
    ("id-verification", "are you a bot?"),
    ("service-fees", "how do I cancel my membership?"),
    ("portfolio-items", "what happens in a dispute?"),
    ("feedback-and-levels", "the phone call for verification never comes, what now?"),
    ("reach-80-percent-profile", "can I delete a job from my portfolio"),
    ("work-view-and-tracker", "what may a proposal not contain?"),
]
SEVERAL = [
    (
        "how do I verify my phone number? and how do I withdraw my money?",
        ["verify-phone-number", "withdraw-earnings"],
    ),
    (
        "hi, joined last week and did the tagline … why only 10 connects? also how do I withdraw?",
        ["unlock-40-connects", "withdraw-earnings"],
    ),
    (
        "What are Connects and do they roll over?",
        ["what-are-connects", "connects-rollover"],
    ),
    (
        "how many connects does a proposal cost and do unused ones roll over to the next month?",
        ["connects-per-proposal", "connects-rollover"],
    ),
    (
        "how do I upgrade my plan, and how can I cancel it later?",
        ["upgrade-membership", "downgrade-or-cancel-membership"],
    ),
    (
        "how do I change my phone number? also how do I verify my email address",
        ["change-phone-number", "verify-email"],
    ),
    (
        "my account is suspended, what now? and can I still withdraw my earnings?",
        ["account-suspended-or-reviewed", "withdraw-earnings"],
    ),
    (
        "what fee does the site charge? which plans are there?",
        ["service-fees", "membership-plans"],
    ),
    (
        "I can't log in, I forgot my password. Also, how do I report a scam?",
        ["sign-in-and-account-settings", "report-violation-and-scams"],
    ),
    (
        "how does escrow work and what happens in a dispute?",
        ["escrow-fixed-price", "disputes-and-refunds"],
    ),
    (
        "How do I unlock 40 connects? Is it ok to stop at 30?",
        ["unlock-40-connects", "fewer-than-40-connects-ok"],
    ),
    (
        "is elance closed? what is the elance pledge?",
        ["elance-closed-support", "elance-pledge"],
    ),
    (
        "the verification call never comes. how do I change my number?",
        ["phone-verification-problems", "change-phone-number"],
    ),
    (
        "how do I get my profile to 80%? how do I verify my identity with a passport?",
        ["reach-80-percent-profile", "id-verification"],
    ),
    (
        "how do milestones work; how does the work tracker take screenshots?",
        ["workroom-and-milestones", "work-view-and-tracker"],
    ),
    (
        "hello! how do i sign up as a freelancer? can two people share one account? thanks",
        ["create-freelancer-account", "identity-and-account-rules"],
    ),
    (
        "what may a proposal not contain? and what are groups?",
        ["submit-proposal-rules", "elance-groups"],
    ),
    (
        "do I have to do the connects steps every month? and why do they only add up to 30?",
        ["connects-steps-only-once", "connects-steps-add-up-to-30"],
    ),
    (
        "Hey there, hope you are well. how do I withdraw my money? how do I withdraw my earnings?",
        ["withdraw-earnings"],
    ),
]
HALF_SURE = [
    ("how do I accept a job and how do levels work?", "accept-or-decline-job"),
    (
        "do premium members have to do the steps? what happens when I run out of connects?",
        "premium-members-connects",
    ),
]
"""One of two may be answered with a choice; it is not left out."""
STORIES = [
    (
        (
            "Hi! I have been freelancing for about three years now, mostly logo design, and "
            "my sister told me about this site. I like it so far. How do I verify my phone "
            "number?"
        ),
        "verify-phone-number",
    ),
    (
        (
            "My laptop broke last month and I had to borrow one from a friend, so I was "
            "offline for a while. Anyway, now I am back and there is money in my account. How "
            "can I withdraw it to my bank?"
        ),
        "withdraw-earnings",
    ),
    (
        (
            "So I did everything on the list last weekend: photo, tagline, overview, a test, "
            "even the video. My coffee went cold meanwhile. Why do the steps add up to 30 and "
            "not to 40?"
        ),
        "connects-steps-add-up-to-30",
    ),
    (
        (
            "I was in the middle of moving to a new flat when my phone fell into the bathtub, "
            "so I got a new one with another number last week. How do I change my phone "
            "number?"
        ),
        "change-phone-number",
    ),
    (
        (
            "Hello dear team, first of all thank you for the great work. There is a client "
            "who has not answered in two weeks and I have already delivered all the files. "
            "How do I open a dispute?"
        ),
        "disputes-and-refunds",
    ),
    (
        (
            "A man wrote to me on Skype and he says he has a big job for me but I should "
            "first pay 50 dollars for the training. My brother laughed at me. Where do I "
            "report a scam?"
        ),
        "report-violation-and-scams",
    ),
    (
        (
            "I took a long break because of my studies, exams all spring. Now that they are "
            "over I want to bid again and I see 20 in my balance. Do unused connects roll "
            "over to the next month?"
        ),
        "connects-rollover",
    ),
    (
        (
            "We are a small studio in Lisbon, three designers and a dog, and we had the paid "
            "plan for a year. Business is slow in winter. How do I downgrade to the free "
            "plan?"
        ),
        "downgrade-or-cancel-membership",
    ),
    (
        (
            "I waited next to my phone for half an hour with the window open so that the "
            "signal is good, and nothing rang. Why does the verification call never come?"
        ),
        "phone-verification-problems",
    ),
    (
        (
            "Someone in my course said every proposal has a price here, which surprised me "
            "because on the other site it was free. How many connects does one proposal cost?"
        ),
        "connects-per-proposal",
    ),
]


@pytest.fixture(params=ScoreSource)
def half(request: pytest.FixtureRequest) -> ScoreSource:
    return ScoreSource(request.param)


def slugs(answers: tuple[Answer, ...]) -> list[str]:
    return [one.article.slug if isinstance(one, Found) else "" for one in answers]


@pytest.mark.parametrize(("after", "text", "expected"), LEANING)
def test_a_message_that_refers_to_the_last_answer_is_answered_from_its_article(
    half: ScoreSource, after: str, text: str, expected: str
) -> None:
    assert slugs(shipped_engine(half).ask_all(text, "en", Slug(after))) == [expected]


@pytest.mark.parametrize(("after", "text", "expected"), LEANING_BY_MEANING)
def test_the_semantic_ranker_helps_short_messages(after: str, text: str, expected: str) -> None:
    engine = shipped_engine(ScoreSource.MEANING)

    assert slugs(engine.ask_all(text, "en", Slug(after))) == [expected]


@pytest.mark.parametrize(("after", "text"), STANDING)
def test_a_self_contained_message_stands_alone(half: ScoreSource, after: str, text: str) -> None:
    engine = shipped_engine(half)

    assert engine.ask_all(text, "en", Slug(after)) == engine.ask_all(text, "en")


@pytest.mark.parametrize(("text", "expected"), SEVERAL)
def test_every_question_of_a_message_is_answered_once_in_order(
    half: ScoreSource, text: str, expected: list[str]
) -> None:
    assert slugs(shipped_engine(half).ask_all(text, "en")) == expected


@pytest.mark.parametrize(("text", "first"), HALF_SURE)
def test_an_uncertain_question_beside_a_certain_one_gets_at_least_a_choice(
    half: ScoreSource, text: str, first: str
) -> None:
    found = shipped_engine(half).ask_all(text, "en")

    assert slugs(found)[0] == first
    assert len(found) == 2


@pytest.mark.parametrize(("text", "expected"), STORIES)
def test_a_question_in_a_story_is_answered(half: ScoreSource, text: str, expected: str) -> None:
    assert slugs(shipped_engine(half).ask_all(text, "en")) == [expected]


@pytest.mark.parametrize("text", ["%", "and the weather in Paris?", "what about spaceships?"])
def test_a_follow_up_without_a_match_stays_unanswered(half: ScoreSource, text: str) -> None:
    engine = shipped_engine(half)

    assert engine.ask_all(text, "en", Slug("verify-email")) == (engine.ask(text, "en"),)
