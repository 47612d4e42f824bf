"""The articles that come with the program."""

import re
from functools import cache
from pathlib import Path
from typing import assert_never

import pytest

from bot.articles.lint import judge, sample_readers, stated_numbers
from bot.articles.marketplace import load_templating
from bot.presentation.telegram_html import plain, refusals
from bot.presentation.views import answers
from bot.settings import load_settings
from knowledge.answering.engine import AnswerEngine
from knowledge.facts import NOBODY
from knowledge.library.check import LINES_FOR_READER, MOST_LINES, check
from knowledge.library.document import TO_REVIEW, read_document
from knowledge.library.loader import shipped_folder
from knowledge.library.personalisation import render
from knowledge.library.plain_text import phone_lines
from knowledge.model import Article, AskedForJob, Found, Job, Nothing, SmallTalk, Unsure
from state.model.question import QuestionId
from tests.support.api_checks import judged
from tests.support.builders import policy
from tests.support.libraries import TODAY, shipped_library
from tests.support.readers import readers

FILES = sorted(shipped_folder().glob("en/*.md"))
ARTICLES = shipped_library().articles("en")
SETTINGS = load_settings(_env_file=None)
TEMPLATING = load_templating(SETTINGS, policy())


@cache
def engine() -> AnswerEngine:
    return AnswerEngine(shipped_library())


def text_of(slug: str) -> str:
    """As anybody may read it."""
    article = shipped_library().article(slug, "en")
    assert article
    shown = render(article, NOBODY)
    return f"{shown.short}\n{shown.more or ''}"


ODD = re.compile(r"\{\{|\{%|None|\n{3,}|\( *\)|  | [.,;:]|[.,:]{2}|\*\*|tg-time|:\s*\.|,\s*\.")
"""Left over from a template, or the hole where something should be."""


def test_the_shipped_articles_have_no_findings() -> None:
    findings = check(
        shipped_folder(),
        numbers=stated_numbers(policy()),
        readers=sample_readers(policy()),
        check_markup=judge(load_templating(SETTINGS, policy())),
        today=TODAY,
    )

    assert findings == []


def test_there_are_forty_articles_about_the_marketplace_and_ten_about_the_bot() -> None:
    about_the_bot = [one for one in ARTICLES if one.category == "About this bot"]

    assert (len(ARTICLES), len(about_the_bot)) == (50, 10)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_phrasing_stands_under_the_sentence_that_answers_it(path: Path) -> None:
    read = read_document(path)

    listed = tuple(phrasing for group in read.groups for phrasing in group.phrasings)
    assert listed == read.article.questions
    assert TO_REVIEW not in {group.sentence for group in read.groups}


def is_met(question: str, slug: str) -> bool:
    """The article is the answer, or one of the choices, or its job is done at once."""
    answer = engine().ask(question, "en")
    match answer:
        case Found():
            return answer.article.slug == slug
        case Unsure():
            return slug in {one.slug for one in answer.choices}
        case AskedForJob(job=job):
            article = shipped_library().article(slug, "en")
            return article is not None and article.action is job
        case Nothing() | SmallTalk():
            return False
        case _:
            assert_never(answer)


def test_each_phrasing_finds_its_article_or_offers_it() -> None:
    lost = [
        (article.slug, question)
        for article in ARTICLES
        for question in (article.title, *article.questions)
        if not is_met(question, article.slug)
    ]

    assert lost == []


@pytest.mark.parametrize(
    ("slug", "action"),
    [
        ("unlock-40-connects", Job.PROGRESS),
        ("basic-profile-information", Job.PROGRESS),
        ("reach-80-percent-profile", Job.PROGRESS),
        ("verify-phone-number", Job.VERIFY),
        ("phone-verification-problems", Job.VERIFY),
        ("change-phone-number", Job.VERIFY),
        ("what-are-connects", None),
    ],
)
def test_articles_have_the_expected_action(slug: str, action: Job | None) -> None:
    article = shipped_library().article(slug, "en")

    assert article
    assert article.action is action


@cache
def messages(slug: str) -> dict[str, str]:
    """The HTML that each of the readers gets."""
    article = shipped_library().article(slug, "en")
    assert article
    shown = {
        name: answers.article(
            answers.ShownArticle(article=render(article, facts), record=QuestionId(1))
        ).context
        for name, facts in readers().items()
    }
    return {name: TEMPLATING.message("article", context, "en") for name, context in shown.items()}


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.slug)
def test_every_article_is_valid_telegram_html_for_every_reader(article: Article) -> None:
    faults = [
        (name, fault)
        for name, html in messages(article.slug).items()
        for fault in (
            *refusals(html),
            *judged("sendMessage", {"chat_id": 1, "text": html, "parse_mode": "HTML"}),
        )
    ]

    assert faults == []


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.slug)
def test_every_article_renders_cleanly_for_every_reader(article: Article) -> None:
    odd = [
        (name, found[0])
        for name, html in messages(article.slug).items()
        if (found := ODD.search(plain(html)))
    ]

    assert odd == []


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.slug)
def test_the_short_part_fits_a_phones_screen_whoever_reads_it(article: Article) -> None:
    lines = {
        name: len(phone_lines(f"{article.title}\n\n{render(article, facts).short}"))
        for name, facts in readers().items()
    }

    assert max(lines.values()) <= MOST_LINES + LINES_FOR_READER
    assert lines["nobody"] <= MOST_LINES


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.slug)
def test_every_article_has_related_articles_and_sources(article: Article) -> None:
    assert 2 <= len(set(article.related) - {article.slug}) == len(article.related) <= 4
    assert article.sources
    assert article.more


@pytest.mark.parametrize(
    ("slug", "reader", "said"),
    [
        ("unlock-40-connects", "basic and phone done, meter 72", "20 of 40 Connects a month are"),
        (
            "unlock-40-connects",
            "basic and phone done, meter 72",
            "With it, the full 40 are unlocked.",
        ),
        ("unlock-40-connects", "six of seven items", "Missing: tagline."),
        ("unlock-40-connects", "premium, email not verified", "Missing: email verification."),
        ("unlock-40-connects", "never read", "your account wasn't read so far."),
        ("unlock-40-connects", "an old reading", "20 Nov 2026, 12:00 UTC, a while ago."),
        ("connects-steps-add-up-to-30", "nothing done", "none of the 40 is unlocked yet."),
        ("connects-steps-add-up-to-30", "all three done", "so the full 40 a month are unlocked."),
        ("reach-80-percent-profile", "a meter just below", "The meter reads 79.6%, so this step"),
        (
            "reach-80-percent-profile",
            "80 reached last month, meter 72 now, rest done",
            "this step is done for good. The meter reads 72%.",
        ),
        ("verify-phone-number", "one attempt left", "Attempts left: 1."),
        ("verify-phone-number", "locked", "possible again from 23 Nov 2026, 21:00 UTC."),
        ("phone-verification-problems", "locked", "try again from 23 Nov 2026, 21:00 UTC."),
        ("premium-members-connects", "premium, basic done", "plan are unlocked, 60 a month."),
        ("downgrade-connects-requirements", "downgraded, all done earlier", "all the steps are"),
        ("downgrade-connects-requirements", "premium, basic done", "counting on Basic: Basic"),
        (
            "fewer-than-40-connects-ok",
            "only phone done",
            "10 of 40 Connects a month are unlocked.",
        ),
        ("run-out-of-connects", "an old reading", "Connects left to spend: 0."),
        ("connects-steps-only-once", "only phone done", "done for good: Phone verification."),
        ("basic-profile-information", "six of seven items", "still missing: tagline."),
    ],
)
def test_personal_articles_show_the_readers_progress(slug: str, reader: str, said: str) -> None:
    assert said.lower() in plain(messages(slug)[reader]).lower()


@pytest.mark.parametrize(
    "reader", ["never read", "a reading that says nothing", "nobody told of", "nobody"]
)
@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.slug)
def test_unknown_facts_are_never_shown_as_zero(article: Article, reader: str) -> None:
    assert not re.search(r"\b0 of|\b0%|: 0\.", plain(messages(article.slug)[reader]))


def test_the_notice_says_that_the_marketplace_has_closed() -> None:
    article = shipped_library().article("elance-closed-support", "en")

    assert article
    assert article.short.startswith("Elance is **closed**")
    assert "https://support.upwork.com" in article.short


@pytest.mark.parametrize("slug", ["unlock-40-connects", "connects-steps-add-up-to-30"])
def test_the_difference_between_30_and_40_is_stated_but_not_explained_away(slug: str) -> None:
    assert "The listed steps come to 30; finishing all of them opens the full 40." in text_of(slug)
    assert "does not itemise the last 10" in text_of(slug)


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.slug)
def test_no_article_mentions_a_fourth_step(article: Article) -> None:
    assert not re.search(r"fourth|ID verification[^.\n]*10 Connects", text_of(article.slug))


@pytest.mark.parametrize("slug", ["verify-phone-number", "phone-verification-problems"])
def test_articles_about_verification_say_not_to_type_the_code_into_the_chat(slug: str) -> None:
    assert re.search(r"Never type it in the chat|not into the chat", text_of(slug))


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("verify-phone-number", "Type it here in the chat."),
        ("phone-verification-problems", "Type the six digits of the newest message here"),
        ("is-the-code-safe", "prove your number, and nothing else. Type them here."),
    ],
)
def test_a_desk_that_sends_codes_speaks_of_no_call_of_its_own(slug: str, said: str) -> None:
    html = messages(slug)["codes by message"]

    assert said in plain(html)
    assert not re.search(r"press #|Never type|call asks|into the call", plain(html))


def test_a_desk_with_both_ways_tells_both() -> None:
    text = plain(messages("verify-phone-number")["codes by call and message"])

    assert "An automated call comes" in text
    assert "A code sent by Telegram is typed here." in text


def test_a_desk_without_a_way_says_that_it_cannot_call() -> None:
    assert "No calls at the moment." in plain(messages("verify-phone-number")["no codes"])


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.slug)
def test_an_attempt_is_called_nothing_else(article: Article) -> None:
    assert not re.search(r"\b(tries|guess(es)?|goes at)\b", text_of(article.slug))
