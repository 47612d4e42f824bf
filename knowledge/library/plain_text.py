"""Plain text of an article's Markdown: its paragraphs and list items, and lines on a phone."""

from collections.abc import Iterator
from textwrap import wrap
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

PHONE_WIDTH = 38
"""Characters in a line of a messenger's bubble on a phone."""


class TextBlock(NamedTuple):
    """A paragraph or a list item, without markup."""

    text: str
    marker: str = ""
    """What the messenger puts before a list item, such as `2. `."""


def text_blocks(markdown: str) -> Iterator[TextBlock]:
    """The paragraphs and list items of a text, in order."""
    marker = ""
    for token in MarkdownIt().parse(markdown):
        if token.type == "list_item_open":
            marker = f"{token.info}. " if token.info else "• "
        elif token.type == "list_item_close":
            marker = ""
        elif token.type == "inline":
            yield TextBlock(_words(token), marker)


def phone_lines(markdown: str) -> list[str]:
    """The text as lines on a phone, with an empty line between paragraphs."""
    lines: list[str] = []
    in_list = False
    for block in text_blocks(markdown):
        if lines and not (in_list and block.marker):
            lines.append("")
        in_list = bool(block.marker)
        lines += wrap(block.marker + block.text, PHONE_WIDTH)
    return lines


def _words(inline: Token) -> str:
    parts = (" " if one.type == "softbreak" else one.content for one in inline.children or ())
    return " ".join("".join(parts).split())
