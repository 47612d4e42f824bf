"""What Telegram would refuse, and the people on whom articles are tried for it."""

from dataclasses import fields, replace

import pytest

from bot.articles.lint import sample_readers
from bot.demo.telegram.answer import ApiError
from bot.demo.telegram.markup import parse_html
from bot.presentation.telegram_html import LONGEST_MESSAGE, refusals
from knowledge.facts import NOBODY, Facts
from tests.support.builders import policy

GOOD = (
    "<b>a</b> <i>b</i> <u>c</u> <s>d</s> <code>e</code> <pre>f</pre> "
    '<a href="https://example.com">g</a> <blockquote expandable>h</blockquote> '
    '<tg-time unix="1795435200" format="Dt">i</tg-time> <tg-spoiler>j</tg-spoiler> &lt;p&gt;'
)


def test_html_that_telegram_accepts_is_not_refused() -> None:
    assert list(refusals(GOOD)) == []
    assert parse_html(GOOD).text.startswith("a b c")


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("<p>a</p>", "Telegram has no <p>"),
        ("a<br>b", "Telegram has no <br>"),
        ("<b>a", "<b> is not closed"),
        ("a</b>", "</b> closes nothing"),
        ("<b>a<i>b</b></i>", "</b> closes nothing"),
    ],
)
def test_html_that_telegram_refuses_is_refused_with_its_reason(html: str, why: str) -> None:
    assert why in list(refusals(html))
    with pytest.raises(ApiError):
        parse_html(html)


def test_markup_that_telegram_would_drop_silently_is_refused() -> None:
    assert list(refusals('<a title="b">a</a>')) == ["Telegram takes no title in <a>"]


@pytest.mark.parametrize("html", ["", "<b> </b>"])
def test_an_empty_message_is_refused(html: str) -> None:
    assert list(refusals(html)) == ["the message is empty"]


@pytest.mark.parametrize(
    "html", ["x" * LONGEST_MESSAGE, f"<b>{'x' * LONGEST_MESSAGE}</b>", "&lt;" * LONGEST_MESSAGE]
)
def test_the_length_is_that_of_the_visible_text(html: str) -> None:
    assert list(refusals(html)) == []
    assert list(refusals(f"{html}x")) == ["the message has 4097 characters, Telegram takes 4096"]


def test_the_length_counts_utf_16_units() -> None:
    assert list(refusals("😀" * 2049)) == ["the message has 4098 characters, Telegram takes 4096"]


@pytest.mark.parametrize("name", [field.name for field in fields(Facts)])
def test_every_fact_differs_between_the_sample_readers(name: str) -> None:
    readings = {getattr(one, name) for one in (NOBODY, *sample_readers(policy()).values())}

    assert len(readings) > 1


def test_sample_readers_cover_every_plan_with_every_set_of_steps() -> None:
    readers = sample_readers(policy()).values()
    names = [step.name for step in policy().steps]

    assert {one.plan for one in readers} >= {plan.name for plan in policy().plans}
    assert len({one.steps_done for one in readers}) == 2 ** len(names)


def test_another_policy_gives_other_sample_readers() -> None:
    short = replace(policy(), allowance=15, steps=policy().steps[:1])

    assert {one.earned for one in sample_readers(short).values()} == {0, 15, None}
