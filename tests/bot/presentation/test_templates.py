"""Words: rendered strictly, in a language that is offered, with moments anybody can read."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from jinja2 import UndefinedError

from bot.presentation.templates import Templating, moment, percent, soon, utc_text, when

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_a_moment_is_shown_in_the_readers_time_zone_with_utc_as_text() -> None:
    shown = moment(NOON)

    assert shown == ('<tg-time unix="1795435200" format="Dt">23 Nov 2026, 12:00 UTC</tg-time>')


def test_a_moment_of_another_zone_is_converted_to_utc() -> None:
    tokyo = datetime(2026, 3, 1, 4, 5, tzinfo=timezone(timedelta(hours=9)))

    assert utc_text(tokyo) == "28 Feb 2026, 19:05 UTC"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (NOON, "23 Nov 2026, 12:00 UTC"),
        (NOON + timedelta(milliseconds=1), "23 Nov 2026, 12:01 UTC"),
        (NOON + timedelta(seconds=59), "23 Nov 2026, 12:01 UTC"),
    ],
)
def test_a_moment_to_wait_for_is_rounded_up(value: datetime, shown: str) -> None:
    assert f"{shown}</tg-time> ({shown})" in when(value)
    assert f'format="t">{shown}</tg-time>' in soon(value)


@pytest.mark.parametrize(("value", "shown"), [(79.6, "79.6"), (72.0, "72"), (100.0, "100")])
def test_a_percentage_is_shown_with_the_reported_digits(value: float, shown: str) -> None:
    assert percent(value) == shown


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [
        (("de",), "de"),
        (("de-AT",), "de"),
        (("pt_BR",), "pt-br"),
        (("pt",), "en"),
        ((None, "", "de"), "de"),
        (("fr",), "en"),
        ((), "en"),
    ],
)
def test_the_first_wanted_language_that_is_offered_is_used(
    wanted: tuple[str | None, ...], spoken: str
) -> None:
    templating = Templating(brand="Test Desk", code_digits=6, languages=("en", "de", "pt-br"))

    assert templating.language(*wanted) == spoken


def test_an_undefined_name_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        Templating(brand="Test Desk", code_digits=6).message("topic", {"name": "Profile"}, "en")


def test_values_are_escaped() -> None:
    templating = Templating(brand="Test Desk", code_digits=6)

    html = templating.message("nothing", {"question": "<b>&\"'"}, "en")

    assert "<blockquote>&lt;b&gt;&amp;&#34;&#39;</blockquote>" in html


def test_button_labels_are_plain_text() -> None:
    templating = Templating(brand="Test Desk", code_digits=6)

    assert templating.label("article", {"title": "Tom & Jerry"}, "en") == "Tom & Jerry"


def test_speech_is_one_line_of_plain_text() -> None:
    templating = Templating(brand="Tom & Jerry", code_digits=6)

    said = templating.speech("ask_ack", {}, "en")

    assert said.startswith("Hello, this is Tom & Jerry.")
    assert "\n" not in said
