"""Drafts of articles by staff: produce or change the text of an article's file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import unified_diff
from pathlib import PurePosixPath
from typing import Any

import yaml

from knowledge.library.document import FENCE, LOADER, MORE, TO_REVIEW
from knowledge.model import Article
from knowledge.tokens import normalise, words

LONGEST_SLUG = 40
_ONE_LINE = 1_000_000
"""Line width for YAML, so that it wraps nothing."""


class CannotAddError(Exception):
    """The questions in the file are not a list with one line each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A new article, as typed in by staff."""

    slug: str
    title: str
    category: str
    language: str
    questions: Sequence[str]
    short: str
    more: str
    source: str
    related: Sequence[str] = ()
    checked_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposed change of one file; `before` is empty for a new file."""

    path: str
    """Relative to the articles' folder, such as `en/rollover.md`."""
    before: str
    after: str

    @property
    def slug(self) -> str:
        return PurePosixPath(self.path).stem

    @property
    def difference(self) -> str:
        """The change as a unified diff, for `git apply` or `patch -p1`."""
        source = f"a/{self.path}" if self.before else "/dev/null"
        old, new = (text.splitlines(keepends=True) for text in (self.before, self.after))
        return "".join(unified_diff(old, new, fromfile=source, tofile=f"b/{self.path}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedProposal:
    """A proposal with its faults."""

    proposal: Proposal
    faults: Sequence[str]
    """Findings of `helpdesk check`."""
    article: Article | None
    """None if the file cannot be parsed."""


def with_phrasing(text: str, phrasing: str) -> str:
    """The text of an article's file with one more phrasing at the end of its questions.

    Where they are listed by the sentence that answers them, it is added under `TO_REVIEW`.
    """
    opening, _, rest = text.partition(FENCE)
    head = rest.partition(f"\n{FENCE}")[0]
    lines = text.split("\n")
    last, headings = _end_of_questions(head)
    indent = lines[last][: len(lines[last]) - len(lines[last].lstrip())]
    added = [*headings, f"{indent}- {_scalar(phrasing)}"]
    place = last + 1 + opening.count("\n")
    return "\n".join([*lines[:place], *added, *lines[place:]])


def _end_of_questions(head: str) -> tuple[int, Sequence[str]]:
    """Line index (from 0) of the last question, and what has to stand before a new one.

    CannotAddError if there is no plain list, alone or under sentences.
    """
    try:
        node = yaml.compose(head, Loader=LOADER)
    except yaml.YAMLError as error:
        raise CannotAddError from error
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    questions = next((value for key, value in pairs if key.value == "questions"), None)
    headings: Sequence[str] = ()
    if isinstance(questions, yaml.MappingNode) and not questions.flow_style and questions.value:
        sentence, questions = questions.value[-1]
        if sentence.value != TO_REVIEW:
            headings = (f"{' ' * sentence.start_mark.column}{TO_REVIEW}:",)
    if isinstance(questions, yaml.SequenceNode) and not questions.flow_style and questions.value:
        return int(questions.value[-1].start_mark.line) + 1, headings
    raise CannotAddError


def render_draft(draft: Draft) -> str:
    """The text of the article's file for a draft."""
    matter: Mapping[str, Any] = {
        "slug": draft.slug,
        "title": draft.title,
        "category": draft.category,
        "language": draft.language,
        "questions": list(draft.questions),
        "related": list(draft.related),
        "sources": [{"name": draft.source}],
        "checked_on": draft.checked_on,
        "numbers": {},
    }
    head = yaml.safe_dump(matter, allow_unicode=True, sort_keys=False, width=_ONE_LINE)
    halves = [draft.short.strip(), *filter(None, [draft.more.strip()])]
    return f"{FENCE}{head}{FENCE}" + f"\n\n{MORE}\n\n".join(halves) + "\n"


def slug_of(title: str) -> str:
    """Make a slug from a title: whole words, at most `LONGEST_SLUG` characters."""
    slug = ""
    for word in words(normalise(title)):
        plain = "".join(letter for letter in word if letter.isascii() and letter.isalnum())
        longer = f"{slug}-{plain}" if slug and plain else slug or plain
        if len(longer) > LONGEST_SLUG:
            break
        slug = longer
    return slug


def _scalar(text: str) -> str:
    line: str = yaml.safe_dump([text], allow_unicode=True, width=_ONE_LINE)
    return line.removeprefix("- ").rstrip("\n")
