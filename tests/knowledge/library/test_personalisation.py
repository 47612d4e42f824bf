"""Markdown with Jinja in it, for readers of whom much, little or nothing is known."""

import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from knowledge.answering.engine import AnswerEngine
from knowledge.facts import NOBODY, Facts
from knowledge.library.personalisation import RenderError, render, render_for, template_faults
from knowledge.model import Article
from tests.support.libraries import a_library, an_article

SHELL = """\
{% if linked %}
You have **{{ earned }} of {{ allowance }}**{% if read_at %}, at {{ read_at | moment }}{% endif %}.

{% if steps_due %}
Still due:

{% for step in steps_due %}
- {{ step }}
{% endfor %}
{% endif %}

{% endif %}
The plan gives Connects{% if linked %} to you{% endif %}
each month.
"""
READ_AT = datetime(2026, 11, 23, 14, 5, 30, tzinfo=UTC)
LINKED = Facts(linked=True, earned=20, allowance=40)


def of(short: str, more: str | None = None) -> Article:
    return replace(an_article("tea", "how"), short=short, more=more)


def short_of(text: str, **known: Any) -> str:
    return render(of(text), Facts(**known)).short


def test_an_article_without_template_tags_is_the_same_for_everybody() -> None:
    plain = of("Text with { braces } and 5 % of it.")

    assert not plain.is_personal
    assert render_for(plain, LINKED) is plain


@pytest.mark.parametrize(
    "article",
    [of("{{ earned }}"), of("{% if linked %}a{% endif %}"), of("a{# b #}"), of("a", "{{ plan }}")],
)
def test_template_tags_in_either_part_make_an_article_personal(article: Article) -> None:
    assert article.is_personal


def test_an_unknown_reader_gets_the_general_text() -> None:
    assert render_for(of(SHELL), NOBODY).short == "The plan gives Connects\neach month."


def test_tags_on_their_own_lines_leave_no_blank_lines() -> None:
    due = replace(LINKED, read_at=READ_AT, steps_due=("Profile", "Phone"))

    assert render_for(of(SHELL), due).short == (
        "You have **20 of 40**, at [23 Nov 2026, 14:05 UTC](tg-time:1795442730).\n\n"
        "Still due:\n\n- Profile\n- Phone\n\n"
        "The plan gives Connects to you\neach month."
    )
    assert render_for(of(SHELL), LINKED).short == (
        "You have **20 of 40**.\n\nThe plan gives Connects to you\neach month."
    )


def test_both_parts_are_rendered_and_an_empty_second_part_is_dropped() -> None:
    both = of("{{ earned }} open", "{% if complete %}\nAll of {{ allowance }}.\n{% endif %}")

    assert render_for(both, LINKED).more is None
    assert render_for(both, replace(LINKED, complete=True)).more == "All of 40."


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (79.6, "79.6"),
        (79.99999999, "79.99999999"),
        (80.0, "80"),
        (0.0, "0"),
    ],
)
def test_a_completeness_is_shown_with_the_reported_digits(value: float, shown: str) -> None:
    assert short_of("{{ completeness }}", completeness=value) == shown


@pytest.mark.parametrize(
    ("plan", "shown"),
    [
        ("Basic", "Basic"),
        ("*x* [y](z) <b>", "\\*x\\* \\[y\\]\\(z\\) \\<b\\>"),
        ("1. one\n\n- two", "1\\. one \\- two"),
    ],
)
def test_markdown_in_a_fact_is_escaped(plan: str, shown: str) -> None:
    assert short_of("{{ plan }}", plan=plan) == shown


def test_lists_can_be_joined_and_counted() -> None:
    text = '{{ steps_due | join(" and ") }}; {{ steps_done | join }}; {{ steps_due | length }}'

    shown = short_of(text, steps_due=("a*", "b"), steps_done=("c", "d"))

    assert shown == "a\\* and b; c\\, d; 2"


@pytest.mark.parametrize(
    "text",
    [
        "{{ earned }}",
        "{{ linked }}",
        "{{ steps_due }}",
        "{{ read_at }}",
        "{{ read_at | moment }}",
        "{% if earned < 3 %}few{% endif %}",
        "{% if linked %}only for some{% endif %}",
        "{% for step in steps_due %}{{ step }}{% endfor %}{{ step }}",
        "{{ ''.__class__ }}",
        "{{ range(9) }}",
    ],
)
def test_unknown_facts_are_never_rendered_as_values(text: str) -> None:
    with pytest.raises(RenderError):
        render(of(text), NOBODY)


def test_a_template_that_fails_for_a_reader_is_rendered_for_an_unknown_reader(
    caplog: pytest.LogCaptureFixture,
) -> None:
    faulty = of("{% if linked %}{{ earned }} Connects{% endif %}\nText.")

    shown = render_for(faulty, Facts(linked=True))

    assert shown.short == "Text."
    assert [(one.levelno, one.getMessage()) for one in caplog.records] == [
        (logging.ERROR, "the article tea is shown as to anybody")
    ]


@pytest.mark.parametrize(
    ("question", "unheard"),
    [("tea and stones", ()), ("zebras", ("zebras",)), ("endif", ("endif",))],
)
def test_only_the_general_text_is_searched(question: str, unheard: tuple[str, ...]) -> None:
    engine = AnswerEngine(a_library(of("Of stones.{% if linked %} Of zebras.{% endif %}")))

    assert engine.explain(question, "en").ranking.unknown == unheard


@pytest.mark.parametrize(
    ("text", "line", "fault"),
    [
        ("{{ ''.__class__ }}", 1, "getattr is not used in articles"),
        ("{{ steps_due[0] }}", 1, "getitem is not used in articles"),
        ("a\n{% for n in range(9) %}{% endfor %}", 2, "call is not used in articles"),
        ("{{ earned() }}", 1, "call is not used in articles"),
        ("{{ earned * 1000 }}", 1, "mul is not used in articles"),
        ("{% set plan = 1 %}", 1, "assign is not used in articles"),
        ("{% include 'other' %}", 1, "include is not used in articles"),
        ("{% macro m() %}{% endmacro %}", 1, "macro is not used in articles"),
        ("{{ earnd }}", 1, "there is no fact earnd"),
        ("\n\n{% if earnd %}{% endif %}", 3, "there is no fact earnd"),
        ("{{ plan | upper }}", 1, "there is no filter upper"),
        ("{% if earned is odd %}{% endif %}", 1, "there is no test odd"),
        ("\n{% if %}", 2, "Expected an expression, got 'end of statement block'"),
        ("{% if linked %}a", 1, "Unexpected end of template."),
        (
            "{% for a in steps_due %}{% for b in steps_due %}{% endfor %}{% endfor %}",
            1,
            "a loop inside a loop is not used in articles",
        ),
    ],
)
def test_jinja_outside_the_subset_is_a_fault(text: str, line: int, fault: str) -> None:
    (found_line, found), *_ = template_faults(text)

    assert found.startswith(f"template: {fault}")
    assert found_line == line


def test_the_supported_jinja_subset_is_allowed() -> None:
    text = (
        "{# why #}{% if linked and not paid or earned is not none and earned >= 10 %}"
        "{{ plan }}{% elif plan == 'Basic' %}{{ 'a' if stale else 'b' }}{% else %}"
        "{% for step in steps_due %}{{ step }}{% else %}none{% endfor %}{% endif %}"
        "{{ read_at | moment }} {{ steps_due | join(', ') }} {{ steps_due | length }}"
    )

    assert list(template_faults(text)) == []
