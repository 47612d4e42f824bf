"""Linter for articles: every finding has a file and a line.

Articles use a subset of Markdown: paragraphs, bold, italics, links, inline code and unnested
lists.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TypeAlias

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.facts import NOBODY, Facts
from knowledge.library.document import MORE, Document, Finding
from knowledge.library.links import address_faults
from knowledge.library.loader import CATEGORIES, UNANSWERED, read_folder, unanswered_lines
from knowledge.library.numbers import StatedNumber, number_faults
from knowledge.library.personalisation import RenderError, render
from knowledge.library.plain_text import PHONE_WIDTH, phone_lines
from knowledge.library.promises import promise_faults
from knowledge.model import DEFAULT_LANGUAGE, Article
from knowledge.tokens import normalise, words

OLDEST_CHECK = timedelta(days=400)
MOST_LINES = 12
"""On a phone before the fold, title included, for a reader of whom nothing is known."""
LINES_FOR_READER = 4
"""So many more where a text says something of its reader."""

MarkupChecker: TypeAlias = Callable[[Article], Iterable[str]]
"""Reports what the messenger would reject in a rendered article, one sentence each."""

_BLOCKS = frozenset({"paragraph", "inline", "ordered_list", "bullet_list", "list_item"})
_INLINE = frozenset({"text", "softbreak", "strong", "em", "link", "code_inline"})
_LISTS = frozenset({"ordered_list_open", "bullet_list_open"})


def check(
    folder: Path,
    *,
    numbers: Mapping[str, StatedNumber],
    readers: Mapping[str, Facts],
    check_markup: MarkupChecker,
    today: date | None,
    to_review: bool = True,
    only: Collection[Path] | None = None,
) -> list[Finding]:
    """All findings, sorted by file and line.

    `numbers`: the policy's numbers, by name. `readers`: sample readers, by a label, for whom
    templates are rendered. `today`: None skips what a reviewer has to do, not a writer: age and
    phrasings without a sentence. `to_review`: report phrasings that wait for a reviewer. `only`:
    limits the checks of single files to these; checks across files always cover all.
    """
    documents, findings = read_folder(folder)
    for document in documents:
        if only is not None and document.path not in only:
            continue
        findings.extend(number_faults(document, numbers))
        findings.extend(_markdown_faults(document))
        findings.extend(address_faults(document))
        findings.extend(promise_faults(document, to_review=to_review) if today else ())
        findings.extend(_age_faults(document, today) if today else ())
        findings.extend(_reader_faults(document, {"anybody": NOBODY, **readers}, check_markup))
    findings.extend(_repeated_questions(documents))
    findings.extend(_untranslated(documents))
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


def _plain(token: Token) -> str:
    return token.type.removesuffix("_open").removesuffix("_close")


def _age_faults(document: Document, today: date) -> Iterator[Finding]:
    checked_on = document.article.checked_on
    line = document.line("checked_on")
    if today - checked_on > OLDEST_CHECK:
        yield document.finding(line, f"checked_on: nobody has looked since {checked_on}")
    if checked_on > today:
        yield document.finding(line, f"checked_on: {checked_on} is still to come")


def _reader_faults(
    document: Document, readers: Mapping[str, Facts], check_markup: MarkupChecker
) -> Iterator[Finding]:
    """Faults for the first sample reader who has any; the others would mostly repeat them."""
    seen = set()
    for name, facts in readers.items():
        try:
            shown = render(document.article, facts)
        except RenderError as error:
            yield document.finding(document.body_line, f"template: {error}, for {name}")
            return
        if (text := (shown.short, shown.more)) in seen:
            continue
        seen.add(text)
        more = 0 if facts is NOBODY else LINES_FOR_READER
        if faults := [*check_markup(shown), *_length_faults(shown, MOST_LINES + more)]:
            for fault in faults:
                yield document.finding(document.body_line, f"{fault}, for {name}")
            return


def _length_faults(shown: Article, most: int) -> Iterator[str]:
    lines = len(phone_lines(f"{shown.title}\n\n{shown.short}"))
    if lines > most:
        message = f"the short part has {lines} lines of {PHONE_WIDTH} characters with its title"
        yield f"{message}; {most} fit a phone"


def _repeated_questions(documents: Sequence[Document]) -> Iterator[Finding]:
    """The same phrasing or title in two articles, which makes the engine unsure of both."""
    seen: dict[tuple[str, ...], str] = {}
    for document in documents:
        key = _key(document.article.language, document.article.title)
        if key in seen:
            message = f"title: {document.article.title!r} is that of {seen[key]} too"
            yield document.finding(document.line("title"), message)
        seen[key] = document.article.slug
    titles = dict(seen)
    for document in documents:
        article = document.article
        for number, question in enumerate(article.questions):
            key = _key(article.language, question)
            if key in seen and titles.get(key) != article.slug:
                message = f"questions: {question!r} is asked by {seen[key]} too"
                yield document.finding(document.phrasing_line(number), message)
            seen[key] = article.slug
    for language_folder in sorted({document.path.parent for document in documents}):
        for line, question in unanswered_lines(language_folder):
            key = _key(language_folder.name, question)
            if key in seen:
                message = f"{question!r} is asked by {seen[key]} too"
                yield Finding(path=language_folder / UNANSWERED, line=line, message=message)
            seen[key] = UNANSWERED


def _key(language: str, text: str) -> tuple[str, ...]:
    return language, *words(normalise(text))


def _untranslated(documents: Sequence[Document]) -> Iterator[Finding]:
    """Articles missing in a language, whose readers get no others."""
    slugs: dict[Path, set[str]] = {}
    for document in documents:
        slugs.setdefault(document.path.parent, set()).add(document.article.slug)
    complete = {
        slug
        for language_folder in slugs
        if language_folder.name == DEFAULT_LANGUAGE
        for slug in slugs[language_folder]
    }
    for language_folder, known in slugs.items():
        if missing := sorted(complete - known):
            message = f"{language_folder.name} has no article {', '.join(missing)}"
            yield Finding(path=language_folder / CATEGORIES, line=1, message=message)
