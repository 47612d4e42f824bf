"""Converts Markdown and template HTML to Telegram's HTML subset, and checks it."""

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from html import unescape
from html.parser import HTMLParser
from itertools import count

_ANY_TAG = re.compile(r"<[^<>]*>")
_MOMENT = re.compile(r"tg-time:(\d+)")
_BLOCKS = frozenset(("p", "ul", "ol", "h1", "h2", "h3"))
_RENAMED = {"strong": "b", "em": "i", "h1": "b", "h2": "b", "h3": "b"}


@lru_cache(maxsize=1024)
def html_of(markdown: str) -> str:
    """HTML of an article's Markdown; raw HTML in it is escaped.

    Cached (LRU), since parsing takes a tenth of a turn and articles repeat.
    """
    return _parser()(markdown)


@cache
def _parser() -> Callable[[str], str]:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - slow to import; most replies go without

    return MarkdownIt("commonmark", {"html": False}).render


@lru_cache(maxsize=256)
def telegram_html(html: str) -> str:
    """Convert HTML with paragraphs and lists to lines in Telegram's tags.

    White space in the input is insignificant, so that templates can be indented. A link to
    `tg-time:<seconds since 1970>` becomes a date that clients show in the reader's time zone.
    """
    message = _MessageHtml()
    message.feed(html.replace("&", "&amp;"))  # keeps entities escaped
    message.close()
    return "".join(message.written)


class _MessageHtml(HTMLParser):
    """HTML parser that writes Telegram's HTML to `written`."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []
        self._gap: str | None = None
        """White space to write before the next text; None at a start, where none is written."""
        self._numbers: list[Iterator[int] | None] = []
        """For each enclosing list, its item numbers; None for bullets."""
        self._link = "a"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._break(2)
        match name := _RENAMED.get(tag, tag):
            case "p":
                pass
            case "br":
                self._break(1)
            case "ul" | "ol":
                self._numbers.append(count(1) if tag == "ol" else None)
            case "li":
                self._item()
            case "a" if moment := _MOMENT.fullmatch(dict(attrs).get("href") or ""):
                self._link = "tg-time"
                self._write(f'<tg-time unix="{moment[1]}" format="Dt">')
            case "b" | "i":
                self._write(f"<{name}>", None)
            case _:
                text = " ".join((self.get_starttag_text() or "").split())
                gap = None if tag == "blockquote" else ""
                self._write(text.replace("&amp;", "&"), gap)

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        match name := _RENAMED.get(tag, tag):
            case "p":
                pass
            case "ul" | "ol":
                self._numbers = self._numbers[:-1]
            case "li":
                self._gap = ""
            case "a":
                self._write(f"</{self._link}>")
                self._link = "a"
            case "b" | "i":
                self.written.append(f"</{name}>")
                self._gap = (self._gap or "").strip(" ")
            case _:
                self._gap = "" if tag == "blockquote" else self._gap
                self._write(f"</{name}>")
        if tag in _BLOCKS:
            self._break(2)

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if data[0].isspace() and self._gap == "":
            self._gap = " "
        if words:
            self._write(words, " " if data[-1].isspace() else "")

    def _item(self) -> None:
        *around, numbers = self._numbers or [None]
        self._break(1)
        if around and self._gap:
            self._gap = "\n"
        self._write(f"{next(numbers)}. " if numbers else "• ", None)

    def _break(self, lines: int) -> None:
        if self._gap is not None:
            self._gap = "\n" * min(2, self._gap.count("\n") + lines)

    def _write(self, text: str, gap: str | None = "") -> None:
        """Write the pending gap and the text; `gap` becomes the next pending one."""
        self.written += (self._gap or "", text)
        self._gap = gap


def plain(html: str) -> str:
    """The text without tags, for the terminal and as fallback if Telegram rejects the markup."""
    return unescape(_ANY_TAG.sub("", html))


LONGEST_MESSAGE = 4096
"""Maximum length of the shown text in UTF-16 units, as Telegram counts."""


def length(text: str) -> int:
    """Characters of a text as Telegram and browsers count them: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, longest: int) -> str:
    """The first `longest` UTF-16 units of a text, without half a character at the end."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * longest].decode("utf-16-le", "ignore")


_ATTRIBUTES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("b", "i", "u", "s", "code", "pre", "tg-spoiler"), ()),
    "a": ("href",),
    "blockquote": ("expandable",),
    "tg-time": ("unix", "format"),
}
"""Tags that Telegram accepts, each with its accepted attributes."""


def refusals(html: str) -> Iterator[str]:
    """Reasons for which Telegram would refuse this message, one sentence each."""
    shown = plain(html)
    if (characters := length(shown)) > LONGEST_MESSAGE:
        yield f"the message has {characters} characters, Telegram takes {LONGEST_MESSAGE}"
    if not shown.strip():
        yield "the message is empty"
    tags = _Tags()
    tags.feed(html)
    tags.close()
    yield from tags.faults
    for tag in tags.open:
        yield f"<{tag}> is not closed"


class _Tags(HTMLParser):
    """HTML parser that collects unknown tags, unknown attributes and unbalanced tags."""

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
