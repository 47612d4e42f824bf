"""What Telegram would refuse of a message's HTML, before anybody sends it."""

from collections.abc import Iterator
from html.parser import HTMLParser

from bot.markup import plain

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
