import pytest

from bot.demo.telegram.answer import ApiError, Json
from bot.demo.telegram.entities import with_found
from bot.demo.telegram.markup import Formatted, parse_html


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("<b>bold</b>", "bold", [{"type": "bold", "offset": 0, "length": 4}]),
        ("a <i>b</i>", "a b", [{"type": "italic", "offset": 2, "length": 1}]),
        ("<ins>x</ins>", "x", [{"type": "underline", "offset": 0, "length": 1}]),
        ("<del>x</del>", "x", [{"type": "strikethrough", "offset": 0, "length": 1}]),
        ("<code>x</code>", "x", [{"type": "code", "offset": 0, "length": 1}]),
        ("<tg-spoiler>x</tg-spoiler>", "x", [{"type": "spoiler", "offset": 0, "length": 1}]),
        (
            '<span class="tg-spoiler">x</span>',
            "x",
            [{"type": "spoiler", "offset": 0, "length": 1}],
        ),
        (
            '<pre><code class="language-python">x</code></pre>',
            "x",
            [{"type": "pre", "offset": 0, "length": 1, "language": "python"}],
        ),
        (
            '<a href="https://a.example/?x=1&amp;y=2">x</a>',
            "x",
            [{"type": "text_link", "offset": 0, "length": 1, "url": "https://a.example/?x=1&y=2"}],
        ),
        (
            "<blockquote expandable>x</blockquote>",
            "x",
            [{"type": "expandable_blockquote", "offset": 0, "length": 1}],
        ),
        (
            '<tg-time unix="1760000000" format="r">soon</tg-time>',
            "soon",
            [
                {
                    "type": "date_time",
                    "offset": 0,
                    "length": 4,
                    "unix_time": 1760000000,
                    "date_time_format": "r",
                }
            ],
        ),
        ("1 &lt; 2 &amp; 3 &#62; 2 &#x41; &nbsp;", "1 < 2 & 3 > 2 A &nbsp;", []),
    ],
)
def test_html_becomes_text_and_entities(html: str, text: str, entities: list[Json]) -> None:
    assert parse_html(html) == Formatted(text=text, entities=tuple(entities))


def test_offsets_count_utf_16_code_units() -> None:
    formatted = parse_html("😀 <b>né😀</b>")

    assert formatted.entities == ({"type": "bold", "offset": 3, "length": 4},)


def test_nested_entities_come_outermost_first() -> None:
    formatted = parse_html("<b>x<i>y</i></b>")

    assert [each["type"] for each in formatted.entities] == ["bold", "italic"]


def test_surrounding_white_space_is_stripped_and_entities_are_shifted() -> None:
    formatted = parse_html("\n  <b> x </b>\n")

    assert formatted == Formatted(text="x", entities=({"type": "bold", "offset": 0, "length": 1},))


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("é<p>x</p>", 'Unsupported start tag "p" at byte offset 2'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        (
            "<b>x</i>",
            'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
        ),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        (
            '<tg-time unix="soon">x</tg-time>',
            'Invalid Unix time specified in the tag "tg-time" at byte offset 0',
        ),
        (
            '<tg-time unix="1" format="x">x</tg-time>',
            'Invalid format specified in the tag "tg-time" at byte offset 0',
        ),
    ],
)
def test_invalid_markup_is_refused_with_its_position(html: str, reason: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse_html(html)

    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


def test_commands_and_links_become_entities() -> None:
    found = with_found(Formatted(text="/start see https://a.example/x. or me@a.example"))

    assert [(each["type"], each["offset"], each["length"]) for each in found.entities] == [
        ("bot_command", 0, 6),
        ("url", 11, 19),
        ("email", 35, 12),
    ]


def test_text_inside_code_gets_no_other_entities() -> None:
    found = with_found(parse_html("<code>/start</code>"))

    assert [each["type"] for each in found.entities] == ["code"]
