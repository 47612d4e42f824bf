"""Articles as staff begin or change them: text in, text out, in the form of the files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import unified_diff
from pathlib import PurePosixPath
from typing import Any

import yaml

from knowledge.library.document import FENCE, LOADER, MORE
from knowledge.model import Article
from knowledge.tokens import normalise, words

LONGEST_SLUG = 40
_ONE_LINE = 1_000_000
"""So wide that YAML breaks no line."""


class CannotAddError(Exception):
    """The article's questions aren't written as a list with a line for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article to be, as somebody has typed it."""

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
    """One file as it was, or empty for a new one, and as it would be."""

    path: str
    """From the articles' folder, like `en/rollover.md`."""
    before: str
    after: str

    @property
    def slug(self) -> str:
        return PurePosixPath(self.path).stem

    @property
    def difference(self) -> str:
        """As `git apply` and `patch -p1` take it."""
        source = f"a/{self.path}" if self.before else "/dev/null"
        old, new = (text.splitlines(keepends=True) for text in (self.before, self.after))
        return "".join(unified_diff(old, new, fromfile=source, tofile=f"b/{self.path}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    proposal: Proposal
    faults: Sequence[str]
    """What `helpdesk check` would say of it."""
    article: Article | None
    """None if the file can't be read as one."""


def with_phrasing(text: str, phrasing: str) -> str:
    """The article's file with one more way to ask for it, after the others."""
    opening, _, rest = text.partition(FENCE)
    head = rest.partition(f"\n{FENCE}")[0]
    lines = text.split("\n")
    last = _last_question(head)
    indent = lines[last][: len(lines[last]) - len(lines[last].lstrip())]
    lines.insert(last + 1 + opening.count("\n"), f"{indent}- {_scalar(phrasing)}")
    return "\n".join(lines)


def _last_question(head: str) -> int:
    """Its line in the file, from 0: front matter begins on the second one."""
    try:
        node = yaml.compose(head, Loader=LOADER)
    except yaml.YAMLError as error:
        raise CannotAddError from error
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    for key, value in pairs:
        listed = isinstance(value, yaml.SequenceNode) and not value.flow_style and value.value
        if key.value == "questions" and listed:
            return int(value.value[-1].start_mark.line) + 1
    raise CannotAddError


def written_draft(draft: Draft) -> str:
    """The whole file."""
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
    """A file's name made of a title; whole words, as many as fit."""
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
