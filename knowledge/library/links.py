"""URLs in articles: those of the sources, and those linked in the text."""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from markdown_it import MarkdownIt

from knowledge.library.document import Document, Finding


class ArticleLink(NamedTuple):
    """A URL in an article, with its line number."""

    url: str
    line: int
    place: str
    """"sources" or "link"."""


def addresses(document: Document) -> Iterator[ArticleLink]:
    """All URLs of an article, with their lines."""
    for number, source in enumerate(document.article.sources):
        if source.url is not None:
            yield ArticleLink(source.url, document.line("sources", number, "url"), "sources")
    for token in MarkdownIt().parse(document.body):
        line = document.body_line + (token.map[0] if token.map else 0)
        for child in token.children or ():
            if child.type == "link_open":
                yield ArticleLink(str(child.attrs["href"]), line, "link")


def address_faults(document: Document) -> Iterator[Finding]:
    """URLs that are evidently invalid; nothing is requested."""
    for url, line, place in addresses(document):
        if not url.startswith("https://"):
            yield document.finding(line, f"{place}: {url} is not https")
        elif not _names_a_site(url):
            yield document.finding(line, f"{place}: {url} names no site")


def _names_a_site(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return "." in host.strip(".") and " " not in url
