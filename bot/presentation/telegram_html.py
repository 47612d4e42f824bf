"""Markdown of the articles and HTML of the templates to the HTML that Telegram takes."""

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from html import unescape
from html.parser import HTMLParser

_ANY_TAG = re.compile(r"<[^<>]*>")
_MOMENT = re.compile(r'<a href="tg-time:(\d+)">((?:(?!</?a\b).)*+)</a>')
_RENAMED = {"strong": "b", "em": "i", "h1": "b", "h2": "b", "h3": "b"}
_HEADING = re.compile(r"<(/?)(strong|em|h[1-3])>")
_BREAKS = (
    (re.compile(r"\s+"), " "),
    (re.compile(r"<ol>((?:(?!</?ol>).)*+)</ol>"), lambda found: _numbered(found[1])),
    (re.compile(r" ?</?p> ?| ?</?h[1-3]> ?"), "\n\n"),
    (re.compile(r" ?<br ?/?> ?"), "\n"),
    (re.compile(r" ?<li>\s*+"), "\n• "),
    (re.compile(r"(?:(?<!\s)\s++)?</li> ?"), ""),
    (re.compile(r" ?</?ul> ?"), "\n\n"),
    (re.compile(r"(<blockquote[^<>]*>)\s+"), r"\1"),
    (re.compile(r"(?<!\s)\s++(</blockquote>)"), r"\1"),
    (re.compile(r"(?:(?<! ) ++)?\n *+"), "\n"),
    (re.compile(r"(<[bi]>) "), r"\1"),
    (re.compile(r" (</[bi]>)"), r"\1"),
    (re.compile(r"\n{3,}"), "\n\n"),
    (re.compile(r"(\n• [^\n]*)\n\n(?=• )"), r"\1\n"),
)


@lru_cache(maxsize=1024)
def html_of(markdown: str) -> str:
    """HTML of an article's Markdown; raw HTML in it is shown, not obeyed.

    A link to `tg-time:` is a moment: clients show it in the reader's own clock. What was made is
    kept: the same articles are shown again and again, and parsing them takes a tenth of a turn.
    """
    html = _parser()(markdown)
    return _MOMENT.sub(r'<tg-time unix="\1" format="Dt">\2</tg-time>', html)


@cache
def _parser() -> Callable[[str], str]:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - slow to import; most replies go without

    return MarkdownIt("commonmark", {"html": False}).render


@lru_cache(maxsize=256)
def telegram_html(html: str) -> str:
    """Plain HTML with paragraphs, lists and breaks, as lines of the few tags Telegram knows.

    White space means nothing in the input, so that templates can be laid out for reading.
    """
    text = _HEADING.sub(lambda found: f"{_block(found)}<{found[1]}{_RENAMED[found[2]]}>", html)
    for pattern, replacement in _BREAKS:
        text = pattern.sub(replacement, text)
    return text.strip()


def _block(found: re.Match[str]) -> str:
    return "<p>" if found[2].startswith("h") and not found[1] else ""


def _numbered(items: str) -> str:
    lines = [item.split("</li>")[0].strip() for item in items.split("<li>")[1:]]
    return "<p>" + "<br>".join(f"{n}. {line}" for n, line in enumerate(lines, 1)) + "</p>"


def plain(html: str) -> str:
    """The words alone, for a Telegram that refused the markup, and for the terminal."""
    return unescape(_ANY_TAG.sub("", html))


LONGEST_MESSAGE = 4096
"""UTF-16 units of the text that is shown; Telegram counts that way."""

_ATTRIBUTES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("b", "i", "u", "s", "code", "pre", "tg-spoiler"), ()),
    "a": ("href",),
    "blockquote": ("expandable",),
    "tg-time": ("unix", "format"),
}
"""The tags that Telegram takes from the bot, and what may stand in them."""


def refusals(html: str) -> Iterator[str]:
    """One sentence each; none for a message that will be shown."""
    shown = plain(html)
    length = len(shown.encode("utf-16-le")) // 2
    if length > LONGEST_MESSAGE:
        yield f"the message has {length} characters, Telegram takes {LONGEST_MESSAGE}"
    if not shown.strip():
        yield "the message is empty"
    tags = _Tags()
    tags.feed(html)
    tags.close()
    yield from tags.faults
    for tag in tags.open:
        yield f"<{tag}> is not closed"


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        if tag not in _ATTRIBUTES:
            self.faults.append(f"Telegram has no <{tag}>")
            return
        for name, _ in attrs:
            if name not in _ATTRIBUTES[tag]:
                self.faults.append(f"Telegram takes no {name} in <{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1:] == [tag]:
            self.open.pop()
        else:
            self.faults.append(f"</{tag}> closes nothing")
