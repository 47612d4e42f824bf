"""Loads a folder of articles, and rejects it if anything is invalid."""

from collections.abc import Collection, Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import yaml

from knowledge.library.document import (
    BadArticlesError,
    Document,
    Finding,
    read_document,
    read_text,
)
from knowledge.model import DEFAULT_LANGUAGE, Category, Library

CATEGORIES = "categories.yaml"
"""File beside a language's articles: category names in menu order."""


UNANSWERED = "unanswered.txt"
"""Optional file beside them: questions that no article answers, one per line."""


NOTICE = "notice.txt"
"""Optional file beside them: the notice shown above the topics and in the greeting."""


LEFT_OVER = (".", "#", "~$")
"""How names begin of what editors and systems leave beside files: .#x.md, ._x.md, ~$x.md."""


def shipped_folder() -> Path:
    """The articles that come with the program."""
    return Path(str(files("knowledge") / "articles"))


def read_library(folder: Path) -> Library:
    """Load all articles; BadArticlesError if any has a fault."""
    documents, findings = read_folder(folder)
    if findings:
        raise BadArticlesError(findings)
    shelves = {
        language: tuple(
            _categories(name, language, documents) for name in _names(folder / language)
        )
        for language in sorted({one.article.language for one in documents})
    }
    unanswered = {language: _unanswered(folder / language) for language in shelves}
    notices = {language: _notice(folder / language) for language in shelves}
    return Library(categories_by_language=shelves, unanswered=unanswered, notices=notices)


def source_files(folder: Path) -> list[Path]:
    """Every file of the folder that is read, sorted, without what editors leave beside them."""
    return sorted(
        path
        for path in folder.glob("*/*")
        if (path.suffix == ".md" or path.name in {CATEGORIES, UNANSWERED, NOTICE})
        and not path.name.startswith(LEFT_OVER)
        and not path.parent.name.startswith(LEFT_OVER)
    )


def _articles(folder: Path) -> list[Path]:
    return [path for path in source_files(folder) if path.suffix == ".md"]


def read_folder(folder: Path) -> tuple[list[Document], list[Finding]]:
    """Every article that can be parsed, and all faults of the folder."""
    articles = _articles(folder)
    if not any(path.parent.name == DEFAULT_LANGUAGE for path in articles):
        missing = f"there is no folder {DEFAULT_LANGUAGE} with articles in it"
        return [], [Finding(path=folder, line=1, message=missing)]
    documents: list[Document] = []
    findings: list[Finding] = []
    for path in articles:
        try:
            documents.append(read_document(path))
        except BadArticlesError as error:
            findings.extend(error.findings)
    for language_folder in sorted({path.parent for path in articles}):
        slugs = {path.stem for path in articles if path.parent == language_folder}
        beside = [one for one in documents if one.path.parent == language_folder]
        findings.extend(_faults_between(language_folder, slugs, beside))
        findings.extend(_unreadable(language_folder))
    return documents, findings


def _faults_between(
    language_folder: Path, slugs: Collection[str], documents: Sequence[Document]
) -> Iterator[Finding]:
    """Faults that involve other files: related articles and categories."""
    names = _names(language_folder)
    if not names:
        yield Finding(
            path=language_folder / CATEGORIES, line=1, message="has to list the categories"
        )
    for one in documents:
        if names and one.article.category not in names:
            message = f"category: {one.article.category} is not in {CATEGORIES}"
            yield Finding(path=one.path, line=one.line("category"), message=message)
        for number, slug in enumerate(one.article.related):
            if slug not in slugs:
                message = f"related: there is no article {slug}"
                yield one.finding(one.line("related", number), message)
            elif slug == one.article.slug or slug in one.article.related[:number]:
                message = f"related: {slug} is the article itself, or named before"
                yield one.finding(one.line("related", number), message)


def _unreadable(language_folder: Path) -> Iterator[Finding]:
    """Faults of the optional files."""
    for path in (language_folder / UNANSWERED, language_folder / NOTICE):
        try:
            _optional_text(path)
        except BadArticlesError as error:
            yield from error.findings


def _optional_text(path: Path) -> str:
    return read_text(path) if path.is_file() else ""


def _unanswered(language_folder: Path) -> tuple[str, ...]:
    return tuple(text for _, text in unanswered_lines(language_folder))


def unanswered_lines(language_folder: Path) -> Iterator[tuple[int, str]]:
    """Questions with their line numbers; empty lines and comments (#) are skipped.

    Nothing of a file that can't be read, which `read` reports.
    """
    try:
        lines = _optional_text(language_folder / UNANSWERED).splitlines()
    except BadArticlesError:
        return
    for number, line in enumerate(lines, start=1):
        if any(letter.isalnum() for letter in line) and not line.startswith("#"):
            yield number, line.strip()


def _notice(language_folder: Path) -> str:
    """The notice as one paragraph."""
    return " ".join(_optional_text(language_folder / NOTICE).split())


def _names(language_folder: Path) -> tuple[str, ...]:
    try:
        names = yaml.safe_load(read_text(language_folder / CATEGORIES))
    except (BadArticlesError, yaml.YAMLError):
        return ()
    return tuple(map(str, names)) if isinstance(names, list) else ()


def _categories(name: str, language: str, documents: Sequence[Document]) -> Category:
    articles = (
        one.article
        for one in documents
        if one.article.category == name and one.article.language == language
    )
    return Category(
        name=name, articles=tuple(sorted(articles, key=lambda one: (one.order, one.title)))
    )
