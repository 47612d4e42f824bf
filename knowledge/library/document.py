"""Parser of an article's file: YAML front matter, then Markdown; strict, with line numbers.

KnowledgeError
└── BadArticlesError     carries every finding, so that all can be fixed at once
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from knowledge.facts import NOBODY
from knowledge.library.personalisation import RenderError, render, template_faults
from knowledge.model import OFFERED, Article, Job, Slug, Source

MORE = "<!-- more -->"
"""Separates the short part from the optional second part."""
MOST_BRACKETS = 500
"""In a front matter: libyaml's own recursion ends the process at some tens of thousands."""
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C loader is ten times as fast; every PyYAML wheel has it."""
FENCE = "---\n"
_FIRST_LINE = 2
"""Of the front matter in the file; marks of YAML count from 0."""
FEWEST_QUESTIONS = 8
NOT_KNOWN = "Not known:"
"""How a sentence begins that says what no source tells."""
TO_REVIEW = "to review"
"""In place of a sentence: phrasings that were added and not yet put under one."""


class KnowledgeError(Exception):
    """Base class of the errors of this package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A fault in a file: path, line number from 1, and message."""

    path: Path
    line: int
    message: str
    unreadable: bool = False
    """Whether the system refused the file, which may pass without a change to it."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class BadArticlesError(KnowledgeError):
    """Invalid articles; `findings` lists the faults, file by file."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = tuple(findings)


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _SourceMatter(_Strict):
    name: str = Field(min_length=1)
    url: str | None = None


class _FrontMatter(_Strict):
    slug: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)  # sent in buttons' data
    title: str = Field(min_length=1, max_length=60)  # used as a button's label
    category: str
    language: str
    questions: list[str] = Field(min_length=FEWEST_QUESTIONS)
    related: list[str]
    sources: list[_SourceMatter] = Field(min_length=1)
    checked_on: date
    numbers: dict[str, float]
    other_numbers: dict[str, Annotated[str, Field(min_length=1)]] = {}
    order: int = 100
    public: bool = True
    action: Job | None = Field(default=None, strict=False)

    @field_validator("action", mode="before")
    @classmethod
    def _offered(cls, action: object) -> object:
        if action is not None and action not in OFFERED:
            raise ValueError(f"it has to be one of {', '.join(sorted(OFFERED))}")
        return action

    @field_validator("questions", mode="before")
    @classmethod
    def _without_groups(cls, given: object) -> object:
        """Phrasings listed by sentence, as one list."""
        if isinstance(given, dict) and all(isinstance(one, list) for one in given.values()):
            return [phrasing for group in given.values() for phrasing in group]
        return given


@dataclass(frozen=True, slots=True, kw_only=True)
class PhrasingGroup:
    """Phrasings that one sentence of the article answers."""

    sentence: str
    """As in the text, without markup; or `TO_REVIEW`."""
    phrasings: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An article with the positions of its parts in the file."""

    path: Path
    article: Article
    body: str
    """The Markdown as in the file, both parts."""
    body_line: int
    matter: yaml.MappingNode

    def line(self, *place: str | int) -> int:
        """Line number of a front matter value, by its key and then an index or key within it."""
        return _line(self.matter, place)

    def phrasing_line(self, number: int) -> int:
        """Line number of the phrasing with this index in `article.questions`."""
        questions = _children(self.matter)["questions"][1]
        nodes = [one for _, listed in _lists(questions) for one in listed.value]
        return int(nodes[number].start_mark.line) + _FIRST_LINE

    @property
    def groups(self) -> tuple[PhrasingGroup, ...]:
        """Phrasings by the sentence that answers them; empty if they are a plain list."""
        questions = _children(self.matter)["questions"][1]
        return tuple(
            PhrasingGroup(
                sentence=sentence.value,
                phrasings=tuple(one.value for one in listed.value),
                line=sentence.start_mark.line + _FIRST_LINE,
            )
            for sentence, listed in _lists(questions)
            if sentence is not None
        )

    def finding(self, line: int, message: str) -> Finding:
        return Finding(path=self.path, line=line, message=message)


def read_text(path: Path) -> str:
    """Text of a UTF-8 file, with or without a byte order mark; else BadArticlesError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _bad(path, 1, "this is not UTF-8") from None
    except OSError as error:
        message = f"can't be read: {error.strerror}"
        finding = Finding(path=path, line=1, message=message, unreadable=True)
        raise BadArticlesError([finding]) from None


def read_document(path: Path) -> Document:
    """Parse an article's file; BadArticlesError with all its faults."""
    opening, _, rest = read_text(path).partition(FENCE)
    head, closing, body = rest.partition(f"\n{FENCE}")
    if opening or not closing:
        raise _bad(path, 1, "the file has to begin with front matter between two lines of ---")
    node, matter = _mapping(path, head)
    body_line = head.count("\n") + 4
    article = _article(_front_matter(path, matter, node), *_halves(path, body_line, body))
    if article.is_personal:
        _try_template(path, body_line, body, article)
    read = Document(path=path, article=article, body=body, body_line=body_line, matter=node)
    groups = [one for one in read.groups if one.sentence.startswith(NOT_KNOWN)]
    not_said = frozenset(phrasing for group in groups for phrasing in group.phrasings)
    return replace(read, article=replace(article, not_said=not_said))


def _mapping(path: Path, head: str) -> tuple[yaml.MappingNode, object]:
    """The front matter as YAML nodes (with positions) and as values."""
    if head.count("[") + head.count("{") > MOST_BRACKETS:
        raise _bad(path, 1, "the front matter is nested too deeply")
    try:
        node = yaml.compose(head, Loader=LOADER)
        matter = yaml.load(head, Loader=LOADER)  # noqa: S506 - the C twin of the safe loader
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date such as 2026-02-31
        reason = " ".join(str(error).split())
        raise _bad(path, 1, f"the front matter is not YAML: {reason}") from None
    if not isinstance(node, yaml.MappingNode):
        raise _bad(path, 1, "the front matter has to be a list of names and values")
    for mapping in (node, _children(node).get("questions", (node, node))[1]):
        for name, count in _names(mapping).items():
            if count > 1:
                raise _bad(path, _line(mapping, (name,)), f"{name}: is given {count} times")
    return node, matter


def _names(node: yaml.Node) -> Counter[str]:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return Counter(str(key.value) for key, _ in pairs)


def _front_matter(path: Path, given: object, node: yaml.MappingNode) -> _FrontMatter:
    try:
        matter = _FrontMatter.model_validate(given)
    except ValidationError as error:
        raise BadArticlesError(
            [
                Finding(
                    path=path,
                    line=_line(node, fault["loc"]),
                    message=f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}",
                )
                for fault in error.errors()
            ]
        ) from None
    for name, value, place in (
        ("slug", matter.slug, path.stem),
        ("language", matter.language, path.parent.name),
    ):
        if value != place:
            raise _bad(path, _line(node, (name,)), f"{name}: is {value}, the file says {place}")
    return matter


def _halves(path: Path, line: int, body: str) -> tuple[str, str | None]:
    short, *more = (half.strip() for half in body.split(f"\n{MORE}\n"))
    if not short or len(more) > 1 or not all(more):
        raise _bad(path, line, f"the text needs a short part, and at most one {MORE} with more")
    return short, more[0] if more else None


def _try_template(path: Path, line: int, body: str, article: Article) -> None:
    """A template must render at least for an unknown reader."""
    findings: list[Finding] = []
    start = line
    for half in body.split(f"\n{MORE}\n"):
        findings += [
            Finding(path=path, line=start + place - 1, message=message)
            for place, message in template_faults(half)
        ]
        start += half.count("\n") + 2
    if findings:
        raise BadArticlesError(findings)
    try:
        render(article, NOBODY)
    except RenderError as error:
        raise _bad(path, line, f"template: for a reader unknown, {error}") from None


def _article(matter: _FrontMatter, short: str, more: str | None) -> Article:
    return Article(
        slug=Slug(matter.slug),
        title=matter.title,
        category=matter.category,
        language=matter.language,
        questions=tuple(matter.questions),
        related=tuple(map(Slug, matter.related)),
        sources=tuple(Source(name=one.name, url=one.url) for one in matter.sources),
        checked_on=matter.checked_on,
        numbers=matter.numbers,
        other_numbers=matter.other_numbers,
        order=matter.order,
        public=matter.public,
        action=matter.action,
        short=short,
        more=more,
    )


def _line(node: yaml.Node, place: Sequence[str | int]) -> int:
    """Line number of a value in the file, or of the closest enclosing one that exists."""
    line = node.start_mark.line
    for step in place:
        children: Mapping[str | int, tuple[yaml.Node, yaml.Node]] = _children(node)
        if step not in children:
            break
        label, node = children[step]
        line = label.start_mark.line
    return line + _FIRST_LINE


def _children(node: yaml.Node) -> dict[str | int, tuple[yaml.Node, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): (key, value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return {number: (one, one) for number, one in enumerate(node.value)}
    return {}


def _lists(questions: yaml.Node) -> list[tuple[yaml.Node | None, yaml.Node]]:
    """Each list of phrasings, with the node of its sentence if it has one."""
    if isinstance(questions, yaml.MappingNode):
        return list(questions.value)
    return [(None, questions)]


def _bad(path: Path, line: int, message: str) -> BadArticlesError:
    return BadArticlesError([Finding(path=path, line=line, message=message)])
