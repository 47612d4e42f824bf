from datetime import date
from pathlib import Path

import pytest

from bot.articles.lint import judge
from bot.articles.marketplace import load_templating
from bot.settings import load_settings
from knowledge.facts import Facts
from knowledge.library.check import check
from knowledge.library.document import Finding
from knowledge.library.numbers import StatedNumber
from tests.support.builders import policy
from tests.support.libraries import BREAD, TEA, TODAY, folder

NUMBERS = {
    "minutes": StatedNumber(3.0),
    "hours": StatedNumber(8.0, "hours"),
    "allowance": StatedNumber(40.0, "Connects"),
    "threshold": StatedNumber(80.0, "%"),
    "attempts": StatedNumber(3.0, "attempts"),
}
READERS = {"a newcomer": Facts(linked=True), "an old hand": Facts(linked=True, earned=40)}


def findings_of(at: Path, today: date | None = TODAY) -> list[tuple[str, int, str]]:
    return [(one.path.name, one.line, one.message) for one in run(at, today)]


def run(at: Path, today: date | None) -> list[Finding]:
    refused = judge(load_templating(load_settings(_env_file=None), policy()))
    return check(at, numbers=NUMBERS, readers=READERS, check_markup=refused, today=today)


def test_valid_articles_have_no_findings(tmp_path: Path) -> None:
    assert findings_of(folder(tmp_path)) == []


@pytest.mark.parametrize(
    ("before", "after", "line", "message"),
    [
        ("{minutes: 3}", "{hours: 3}", 21, "numbers: hours is 3 here and 8 in the policy"),
        ("{minutes: 3}", "{days: 3}", 21, "numbers: the policy has no number days"),
        ("**3 minutes**", "three minutes", 21, "numbers: minutes = 3 is not in the text"),
        ("**3 minutes**", "13 minutes", 21, "numbers: minutes = 3 is not in the text"),
        ("url: https", "url: http", 19, "sources: http://example.com/tea is not https"),
        ("*again*", "[again](http://x.org)", 27, "link: http://x.org is not https"),
        ("*again*", "[again](#tea)", 27, "link: #tea is not https"),
        ("*again*", "[again](https://nowhere)", 27, "link: https://nowhere names no site"),
        ("*again*", "[again](https://[)", 27, "link: https://%5B names no site"),
        ("url: https://example.com", "url: https://", 19, "sources: https:///tea names no site"),
        ("url: https://example.com", "url: https://[", 19, "sources: https://[/tea names no site"),
        ("title: Green tea", "title: Black bread", 3, "title: 'Black bread' is that of"),
        (
            "can I use the leaves again",
            "black bread?",
            11,
            "questions: 'black bread?' is asked by",
        ),
        ("*again*", "![again](https://x.org)", 27, "Markdown: image is not used in articles"),
        ("*again*", "<b>again</b>", 27, "Markdown: html_inline is not used in articles"),
        ("The leaves", "# The leaves", 27, "Markdown: heading is not used in articles"),
        ("The leaves", "> The leaves", 27, "Markdown: blockquote is not used in articles"),
        ("The leaves", "- a\n  - b", 28, "Markdown: a list inside a list"),
        ("<!-- more -->", "<!-- less -->", 25, "Markdown: html_block is not used in articles"),
        ("checked_on: 2026-11-01", "checked_on: 2026-11-24", 20, "checked_on: 2026-11-24 is st"),
        ("can I use the leaves again", "is it sour", 11, "questions: 'is it sour' is asked by"),
        ("can I use the leaves again", "Why is my tea bitter?", 11, "questions: 'Why is my tea"),
        ("The leaves", "x" * 4096, 23, "the message has 4"),
        ("The leaves", "{% if earned %}{{ plan }}{% endif %}", 23, "template: None can't stand"),
        ("The leaves", "{% if earned %}" + "x" * 4096 + "{% endif %}", 23, "the message has 4"),
        ("The leaves", "Your 50 Connects", 27, "50 Connects is stated, and neither"),
        ("The leaves", "Your **50** Connects", 27, "50 Connects is stated, and neither"),
        ("The leaves", "{% if linked %}\n79.6 % is\n{% endif %}", 28, "79.6% is stated, and"),
        ("The leaves", "After 2 tries", 27, "2 attempts is stated, and neither"),
        ("The leaves", "After 24 hours", 27, "24 hours is stated, and neither"),
        ("The leaves", "Four attempts. The leaves", 27, "4 attempts is stated, and neither"),
        ("The leaves", "A 48-hour wait", 27, "48 hours is stated, and neither"),
        ("The leaves", "After twenty-four hours", 27, "24 hours is stated, and neither"),
        ("The leaves", "At 90 per cent", 27, "90% is stated, and neither"),
        ("title: Green tea", "title: Tea of 50%", 3, "50% is stated, and neither"),
        (
            "{minutes: 3}",
            "{minutes: 3}\nother_numbers: {50%: a tin}",
            22,
            "other_numbers: 50% is not",
        ),
        (
            "{minutes: 3}",
            "{minutes: 3}\nother_numbers: {some: a tin}",
            22,
            "other_numbers: some is",
        ),
        ("related:", "other_numbers: {50%: ''}\nrelated:", 15, "other_numbers.50%: String should"),
        ("**3 minutes**", "3 minutes{% if earnd %}{% endif %}", 23, "template: there is no fact"),
        (
            "  - black-bread",
            "  - black-bread\n  - green-tea",
            17,
            "related: green-tea is the article itself",
        ),
        ("  - black-bread", "  - black-bread\n  - black-bread", 17, "related: black-bread is the"),
        ("title: Green tea\n", "", 2, "title: Field required"),
    ],
)
def test_each_fault_is_reported_with_file_and_line(
    tmp_path: Path, before: str, after: str, line: int, message: str
) -> None:
    broken = folder(tmp_path, {"green-tea.md": TEA.replace(before, after, 1)})

    places = {(one[0], one[1]) for one in findings_of(broken) if one[2].startswith(message)}

    assert places == {("green-tea.md", line)}


def test_all_supported_markdown_is_allowed(tmp_path: Path) -> None:
    text = "**a** *b* `c` [d](https://x.org)\ne\n\n- f\n- g\n\n1. h\n2. i"

    good = folder(tmp_path, {"green-tea.md": TEA.replace("The leaves", text)})

    assert findings_of(good) == []


@pytest.mark.parametrize(
    ("front", "text"),
    [
        ("numbers: {allowance: 40, minutes: 3}", "Up to 40 Connects"),
        ("numbers: {threshold: 80, minutes: 3}", "From 80% or 80 % on"),
        ("numbers: {attempts: 3, minutes: 3}", "After 3 attempts or 3 tries"),
        ("numbers: {minutes: 3}\nother_numbers: {60 Connects: the tin}", "Up to 60 Connects"),
        ("numbers: {minutes: 3}", "40 cups, $40 Connects, 1.40 more, one try, two try it"),
        ("numbers: {minutes: 3}", "{% if earned == 7 %}{{ earned }}{% endif %} Connects"),
    ],
)
def test_numbers_with_a_declared_source_are_no_findings(
    tmp_path: Path, front: str, text: str
) -> None:
    tea = TEA.replace("numbers: {minutes: 3}", front).replace("The leaves", text)

    assert findings_of(folder(tmp_path, {"green-tea.md": tea})) == []


def test_a_rendering_fault_is_reported_for_the_first_affected_reader(tmp_path: Path) -> None:
    tea = TEA.replace("The leaves", "{% if linked %}{{ earned }}{% endif %}")

    assert findings_of(folder(tmp_path, {"green-tea.md": tea})) == [
        ("green-tea.md", 23, "template: None can't stand in a text, for a newcomer")
    ]


LINE = "A line of about thirty letters.\n\n"


@pytest.mark.parametrize(
    ("short", "found"),
    [
        (LINE * 5, []),
        (
            LINE * 6,
            ["the short part has 13 lines of 38 characters with its title; 12 fit a phone"],
        ),
        ("{% if linked %}\n" + LINE * 2 + "{% endif %}\n" + LINE * 5, []),
        (
            "{% if linked %}\n" + LINE * 3 + "{% endif %}\n" + LINE * 5,
            ["the short part has 17 lines of 38 characters with its title; 16 fit a phone"],
        ),
    ],
)
def test_a_short_part_that_fills_more_than_a_phone_is_a_finding(
    tmp_path: Path, short: str, found: list[str]
) -> None:
    tea = TEA.replace("Let it steep for **3 minutes**.\n\n", short).replace("{minutes: 3}", "{}")

    assert [
        one[2].rpartition(",")[0] for one in findings_of(folder(tmp_path, {"green-tea.md": tea}))
    ] == found


def test_an_article_not_checked_for_a_long_time_is_a_finding(tmp_path: Path) -> None:
    stale = findings_of(folder(tmp_path), date(2027, 12, 7))

    assert stale == [
        ("black-bread.md", 19, "checked_on: nobody has looked since 2026-11-01"),
        ("green-tea.md", 20, "checked_on: nobody has looked since 2026-11-01"),
    ]


def test_an_article_is_not_outdated_on_its_last_day(tmp_path: Path) -> None:
    assert findings_of(folder(tmp_path), date(2027, 12, 6)) == []


def test_another_language_may_repeat_questions_and_is_reported_for_missing_articles(
    tmp_path: Path,
) -> None:
    both = folder(tmp_path)
    (both / "de").mkdir()
    (both / "de" / "categories.yaml").write_text("- Food\n", encoding="utf-8")
    (both / "de" / "black-bread.md").write_text(
        BREAD.replace("language: en", "language: de"), encoding="utf-8"
    )

    assert findings_of(both) == [("categories.yaml", 1, "de has no article green-tea")]


def test_an_unanswered_question_that_an_article_answers_is_a_finding(tmp_path: Path) -> None:
    told = "# none answers these\nis there a dark mode\nIs it sour?\nIs there a Dark Mode\n"

    found = findings_of(folder(tmp_path, {"unanswered.txt": told}))

    assert found == [
        ("unanswered.txt", 3, "'Is it sour?' is asked by black-bread too"),
        ("unanswered.txt", 4, "'Is there a Dark Mode' is asked by unanswered.txt too"),
    ]


def test_a_question_may_repeat_its_own_articles_title(tmp_path: Path) -> None:
    tea = TEA.replace("can I use the leaves again", "Green tea")

    assert findings_of(folder(tmp_path, {"green-tea.md": tea})) == []
