"""Articles, and what can be said to a question: frozen values, no behaviour to speak of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NewType, TypeAlias

Slug = NewType("Slug", str)

DEFAULT_LANGUAGE = "en"
"""Read by people for whose language there are no articles."""


class Action(StrEnum):
    """What the desk does besides showing the text."""

    PROGRESS = "progress"
    VERIFY = "verify"


def is_template(markdown: str) -> bool:
    return any(sign in markdown for sign in ("{{", "{%", "{#"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where an article's facts come from; a page that is gone has a name and no address."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    slug: Slug
    title: str
    category: str
    language: str
    questions: tuple[str, ...]
    """How people really ask for it."""
    short: str
    """Markdown that fits a phone's screen."""
    checked_on: date
    """When somebody last compared it with its sources."""
    sources: tuple[Source, ...]
    related: tuple[Slug, ...] = ()
    action: Action | None = None
    more: str | None = None
    """Markdown for those who want to read on."""
    numbers: Mapping[str, float] = field(default_factory=dict)
    """Policy numbers that the prose states, by the policy's name for them."""
    other_numbers: Mapping[str, str] = field(default_factory=dict)
    """Where other numbers of the prose are from, such as `60 Connects`, which no policy has."""
    order: int = 100
    """Its place inside its category."""
    public: bool = True
    """May be shown outside a private chat: in groups, and inline."""

    @property
    def is_personal(self) -> bool:
        """Its text depends on who reads it, and becomes Markdown by `library.personalisation`."""
        return is_template(self.short) or is_template(self.more or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    name: str
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Everything the desk can answer with: categories in reading order, by language."""

    shelves: Mapping[str, tuple[Category, ...]]
    unanswered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Questions by language that no article answers, so that the desk knows them when asked."""
    notices: Mapping[str, str] = field(default_factory=dict)
    """By language: what everybody should know before they read on, in a sentence or two."""

    def language(self, wanted: str) -> str:
        """The wanted language where there are articles in it, else the default one."""
        return wanted if wanted in self.shelves else DEFAULT_LANGUAGE

    def notice(self, language: str) -> str:
        """Empty where there is nothing to tell."""
        return self.notices.get(self.language(language), "")

    def categories(self, language: str) -> tuple[Category, ...]:
        return self.shelves.get(self.language(language), ())

    def articles(self, language: str) -> tuple[Article, ...]:
        return tuple(one for shelf in self.categories(language) for one in shelf.articles)

    def article(self, slug: str, language: str) -> Article | None:
        return next((one for one in self.articles(language) if one.slug == slug), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    slug: Slug
    score: float
    """From 0, nothing in common, to 1, asked in the words of one of its phrasings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Sure enough to answer."""

    article: Article
    score: float
    alternatives: tuple[Article, ...]
    """The next best, in case it was not what was meant."""
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """Near enough to offer a choice."""

    choices: tuple[Article, ...]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """No article answers this; the candidates are for those who tune, not for the person."""

    candidates: tuple[Candidate, ...]
    asked: str | None = None
    """The part of a message that this is about; all of it, where nothing stands here."""


class Talk(StrEnum):
    """What people say that is no question about the subject."""

    GREETING = "greeting"
    THANKS = "thanks"
    CHATTER = "chatter"
    ABUSE = "abuse"
    WHO = "who"
    """Whether a person or a machine writes here."""
    HELP = "help"
    """What the desk can do."""
    UNHELPFUL = "unhelpful"
    """That what it said was no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallTalk:
    """Said to the desk rather than asked of it; the candidates are for those who measure."""

    kind: Talk
    candidates: tuple[Candidate, ...]


Answer: TypeAlias = Found | Unsure | Nothing | SmallTalk
