"""HTML laid out for reading becomes the lines that Telegram shows."""

import pytest

from bot.presentation.telegram_html import html_of, plain, telegram_html


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>One</p>\n<p>Two</p>", "One\n\nTwo"),
        ("one<br>\n  two", "one\ntwo"),
        ("<p>Do:</p><ul>\n<li>this</li>\n<li>that</li>\n</ul>", "Do:\n\n• this\n• that"),
        ("<ol><li>first</li><li>second</li></ol>", "1. first\n2. second"),
        (
            "<blockquote expandable><p>a</p><p>b</p></blockquote>",
            "<blockquote expandable>a\n\nb</blockquote>",
        ),
        ("<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>", "1. a\n• b\n2. c"),
        ("<h2>a</h2>\n<pre>b</pre>", "<b>a</b>\n\n<pre>b</pre>"),
        ('<a href="/?a=1&amp;b=2">&quot;a&quot;</a>', '<a href="/?a=1&amp;b=2">&quot;a&quot;</a>'),
        ("<p><strong>a</strong> <em>b</em></p>", "<b>a</b> <i>b</i>"),
    ],
)
def test_html_blocks_become_lines(html: str, shown: str) -> None:
    assert telegram_html(html) == shown


def test_a_moment_is_shown_in_the_readers_time_zone() -> None:
    shown = telegram_html(html_of("Read on [23 Nov 2026, 14:05 UTC](tg-time:1795442700)."))

    assert shown == (
        'Read on <tg-time unix="1795442700" format="Dt">23 Nov 2026, 14:05 UTC</tg-time>.'
    )
    assert plain(shown) == "Read on 23 Nov 2026, 14:05 UTC."


def test_raw_html_in_an_article_is_escaped() -> None:
    shown = telegram_html(html_of("a <script>x</script> & b"))

    assert shown == "a &lt;script&gt;x&lt;/script&gt; &amp; b"


def test_loose_markdown_lists_have_no_blank_lines() -> None:
    shown = telegram_html(html_of("Do:\n\n- this\n\n- that\n\nThen rest."))

    assert shown == "Do:\n\n• this\n• that\n\nThen rest."


def test_plain_text_keeps_escaped_characters() -> None:
    assert plain("<b>a &lt; b</b>") == "a < b"
