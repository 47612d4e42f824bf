"""Lints the articles as code is linted: every finding has a file and a line.

Articles are written in a small part of Markdown: paragraphs, bold, italics, links, inline code,
and lists that are not inside other lists.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.document import MORE, Document, Finding
from knowledge.library import read
from knowledge.text import normalise, words

LONGEST_MESSAGE = 4096
"""What one message holds, in UTF-16 units; the messenger counts that way."""
OLDEST_CHECK = timedelta(days=400)

_BLOCKS = frozenset({"paragraph", "inline", "ordered_list", "bullet_list", "list_item"})
_INLINE = frozenset({"text", "softbreak", "strong", "em", "link", "code_inline"})
_LISTS = frozenset({"ordered_list_open", "bullet_list_open"})
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def check(folder: Path, *, numbers: Mapping[str, float], today: date) -> list[Finding]:
    """All findings, by file and line; `numbers` is what the policy says, by name."""
    documents, findings = read(folder)
    for document in documents:
        findings.extend(_number_faults(document, numbers))
        findings.extend(_markdown_faults(document))
        findings.extend(_source_faults(document))
        findings.extend(_age_faults(document, today))
        findings.extend(_length_faults(document))
    findings.extend(_repeated_questions(documents))
    return sorted(findings, key=lambda one: (one.path, one.line, one.message))


def _number_faults(document: Document, numbers: Mapping[str, float]) -> Iterator[Finding]:
    stated = {float(found) for found in _NUMBER.findall(document.body)}
    for name, value in document.article.numbers.items():
        line = document.line("numbers", name)
        if name not in numbers:
            yield _finding(document, line, f"numbers: the policy has no number {name}")
        elif value != numbers[name]:
            said = f"numbers: {name} is {value:g} here and {numbers[name]:g} in the policy"
            yield _finding(document, line, said)
        if value not in stated:
            yield _finding(document, line, f"numbers: {name} = {value:g} is not in the text")


def _markdown_faults(document: Document) -> Iterator[Finding]:
    for token in MarkdownIt().parse(document.body):
        line = document.body_line + (token.map[0] if token.map else 0)
        if token.type == "html_block" and token.content.strip() == MORE:
            continue
        if _plain(token) not in _BLOCKS and token.nesting >= 0:
            yield _finding(document, line, f"Markdown: {_plain(token)} is not used in articles")
        if token.type in _LISTS and token.level > 0:
            yield _finding(document, line, "Markdown: a list inside a list")
        for message in _inline_faults(token.children or ()):
            yield _finding(document, line, message)


def _inline_faults(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if _plain(token) not in _INLINE:
            yield f"Markdown: {_plain(token)} is not used in articles"
        if token.type == "link_open" and not str(token.attrs["href"]).startswith("https://"):
            yield f"link: {token.attrs['href']} is not https"


def _plain(token: Token) -> str:
    return token.type.removesuffix("_open").removesuffix("_close")


def _source_faults(document: Document) -> Iterator[Finding]:
    for number, source in enumerate(document.article.sources):
        if source.url is not None and not source.url.startswith("https://"):
            line = document.line("sources", number, "url")
            yield _finding(document, line, f"sources: {source.url} is not https")


def _age_faults(document: Document, today: date) -> Iterator[Finding]:
    checked_on = document.article.checked_on
    line = document.line("checked_on")
    if today - checked_on > OLDEST_CHECK:
        yield _finding(document, line, f"checked_on: nobody has looked since {checked_on}")
    if checked_on > today:
        yield _finding(document, line, f"checked_on: {checked_on} is still to come")


def _length_faults(document: Document) -> Iterator[Finding]:
    article = document.article
    text = "\n".join([article.title, document.body, *(one.name for one in article.sources)])
    length = len(text.encode("utf-16-le")) // 2
    if length > LONGEST_MESSAGE:
        message = f"the article has {length} characters, a message holds {LONGEST_MESSAGE}"
        yield _finding(document, document.body_line, message)


def _repeated_questions(documents: Sequence[Document]) -> Iterator[Finding]:
    """The same question twice teaches the engine to be unsure."""
    seen: dict[tuple[str, ...], str] = {}
    for document in documents:
        article = document.article
        for number, question in enumerate(article.questions):
            key = (article.language, *words(normalise(question)))
            if key in seen:
                message = f"questions: {question!r} is asked by {seen[key]} too"
                yield _finding(document, document.line("questions", number), message)
            seen[key] = article.slug


def _finding(document: Document, line: int, message: str) -> Finding:
    return Finding(path=document.path, line=line, message=message)
