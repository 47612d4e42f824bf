"""Lints the articles as code is linted: every finding has a file and a line.

Articles are written in a small part of Markdown: paragraphs, bold, italics, links, inline code,
and lists that are not inside other lists.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TypeAlias

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.document import MORE, Document, Finding
from knowledge.facts import NOBODY, Facts
from knowledge.library import UNANSWERED, read, unanswered_lines
from knowledge.model import Article
from knowledge.numbers import Stated, number_faults
from knowledge.personal import CannotWriteError, written
from knowledge.text import normalise, words

OLDEST_CHECK = timedelta(days=400)

Judge: TypeAlias = Callable[[Article], Iterable[str]]
"""What the messenger would refuse of an article without a template, one sentence each."""

_BLOCKS = frozenset({"paragraph", "inline", "ordered_list", "bullet_list", "list_item"})
_INLINE = frozenset({"text", "softbreak", "strong", "em", "link", "code_inline"})
_LISTS = frozenset({"ordered_list_open", "bullet_list_open"})


def check(
    folder: Path,
    *,
    numbers: Mapping[str, Stated],
    readers: Mapping[str, Facts],
    judge: Judge,
    today: date,
) -> list[Finding]:
    """All findings, by file and line.

    `numbers` is what the policy says, by name; `readers` are people to try the articles on, by
    what one calls them.
    """
    documents, findings = read(folder)
    for document in documents:
        findings.extend(number_faults(document, numbers))
        findings.extend(_markdown_faults(document))
        findings.extend(_source_faults(document))
        findings.extend(_age_faults(document, today))
        findings.extend(_reader_faults(document, {"anybody": NOBODY, **readers}, judge))
    findings.extend(_repeated_questions(documents))
    return sorted(findings, key=lambda one: (one.path, one.line, one.message))


def _markdown_faults(document: Document) -> Iterator[Finding]:
    for token in MarkdownIt().parse(document.body):
        line = document.body_line + (token.map[0] if token.map else 0)
        if token.type == "html_block" and token.content.strip() == MORE:
            continue
        if _plain(token) not in _BLOCKS and token.nesting >= 0:
            yield document.finding(line, f"Markdown: {_plain(token)} is not used in articles")
        if token.type in _LISTS and token.level > 0:
            yield document.finding(line, "Markdown: a list inside a list")
        for message in _inline_faults(token.children or ()):
            yield document.finding(line, message)


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
            yield document.finding(line, f"sources: {source.url} is not https")


def _age_faults(document: Document, today: date) -> Iterator[Finding]:
    checked_on = document.article.checked_on
    line = document.line("checked_on")
    if today - checked_on > OLDEST_CHECK:
        yield document.finding(line, f"checked_on: nobody has looked since {checked_on}")
    if checked_on > today:
        yield document.finding(line, f"checked_on: {checked_on} is still to come")


def _reader_faults(
    document: Document, readers: Mapping[str, Facts], judge: Judge
) -> Iterator[Finding]:
    """The first reader for whom something is wrong; the others would mostly repeat it."""
    seen = set()
    for name, facts in readers.items():
        try:
            shown = written(document.article, facts)
        except CannotWriteError as error:
            yield document.finding(document.body_line, f"template: {error}, for {name}")
            return
        if (text := (shown.short, shown.more)) in seen:
            continue
        seen.add(text)
        if faults := list(judge(shown)):
            for fault in faults:
                yield document.finding(document.body_line, f"{fault}, for {name}")
            return


def _repeated_questions(documents: Sequence[Document]) -> Iterator[Finding]:
    """The same question twice teaches the engine to be unsure."""
    seen: dict[tuple[str, ...], str] = {}
    for document in documents:
        article = document.article
        for number, question in enumerate(article.questions):
            key = (article.language, *words(normalise(question)))
            if key in seen:
                message = f"questions: {question!r} is asked by {seen[key]} too"
                yield document.finding(document.line("questions", number), message)
            seen[key] = article.slug
    for shelf in sorted({document.path.parent for document in documents}):
        for line, question in unanswered_lines(shelf):
            key = (shelf.name, *words(normalise(question)))
            if key in seen:
                message = f"{question!r} is asked by {seen[key]} too"
                yield Finding(path=shelf / UNANSWERED, line=line, message=message)
            seen[key] = UNANSWERED
