"""Articles, the library of them, and the kinds of answer: frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, NewType, TypeAlias

Slug = NewType("Slug", str)

DEFAULT_LANGUAGE = "en"
"""Used for readers in whose language there are no articles."""


class Job(StrEnum):
    """What the desk does itself, besides showing articles."""

    PROGRESS = "progress"
    VERIFY = "verify"
    LINK = "link"
    UNLINK = "unlink"
    PRIVACY = "privacy"
    """Tell what is stored of the person."""
    EXPORT = "export"
    FORGET = "forget"
    REMINDERS = "reminders"
    REMINDERS_ON = "reminders_on"
    REMINDERS_OFF = "reminders_off"
    LANGUAGE = "language"
    PERSON = "person"
    CANCEL = "cancel"
    STOP = "stop"
    """Said of whatever is under way: a call, or the reminders."""
    BACK = "back"
    RESTART = "restart"
    STANDING = "standing"
    """Tell where the conversation was interrupted."""
    ABOUT = "about"
    """Tell what this bot is."""

    @property
    def kind(self) -> "Job":
        """The job in the public interface, which does not tell variants apart."""
        return _VARIANTS.get(self, self)


_VARIANTS: Final[Mapping[Job, Job]] = {
    Job.REMINDERS_ON: Job.REMINDERS,
    Job.REMINDERS_OFF: Job.REMINDERS,
    Job.STOP: Job.CANCEL,
    Job.BACK: Job.CANCEL,
    Job.RESTART: Job.CANCEL,
}


OFFERED: Final = frozenset(
    {
        Job.PROGRESS,
        Job.VERIFY,
        Job.LINK,
        Job.UNLINK,
        Job.PRIVACY,
        Job.EXPORT,
        Job.FORGET,
        Job.REMINDERS,
        Job.LANGUAGE,
        Job.PERSON,
        Job.ABOUT,
    }
)
"""Jobs that an article may be about: its button does the job; that of `ABOUT` is the article."""


def is_template(markdown: str) -> bool:
    """Whether the text contains Jinja tags."""
    return any(sign in markdown for sign in ("{{", "{%", "{#"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source of an article's facts; `url` is None for a page that no longer exists."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article: its texts, phrasings and metadata."""

    slug: Slug
    title: str
    category: str
    language: str
    questions: tuple[str, ...]
    """Phrasings: how people ask for this article."""
    short: str
    """Markdown short enough for a phone's screen."""
    checked_on: date
    """When the article was last compared with its sources."""
    sources: tuple[Source, ...]
    not_said: frozenset[str] = frozenset()
    """Those of the phrasings to which the text can only say that no page tells."""
    related: tuple[Slug, ...] = ()
    action: Job | None = None
    """The job that the article is about, offered as a button."""
    more: str | None = None
    """Markdown of the optional second part."""
    numbers: Mapping[str, float] = field(default_factory=dict)
    """Policy numbers stated in the text, by their names in the policy."""
    other_numbers: Mapping[str, str] = field(default_factory=dict)
    """Other numbers stated in the text, such as `60 Connects`, with the source of each."""
    order: int = 100
    """Position within its category."""
    public: bool = True
    """Whether it may be shown outside private chats: in groups and inline."""

    @property
    def is_personal(self) -> bool:
        """Whether the text is a template; `library.personalisation` renders it for a reader."""
        return is_template(self.short) or is_template(self.more or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    name: str
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """All articles: categories in menu order, by language."""

    categories_by_language: Mapping[str, tuple[Category, ...]]
    unanswered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Questions that no article answers, by language, so that the engine recognises them."""
    notices: Mapping[str, str] = field(default_factory=dict)
    """Notice by language, shown above the topics: a sentence or two."""

    def language(self, wanted: str) -> str:
        """The wanted language if it has articles, else the default one."""
        return wanted if wanted in self.categories_by_language else DEFAULT_LANGUAGE

    def notice(self, language: str) -> str:
        """The notice in a language; empty if there is none."""
        return self.notices.get(self.language(language), "")

    def categories(self, language: str) -> tuple[Category, ...]:
        return self.categories_by_language.get(self.language(language), ())

    def articles(self, language: str) -> tuple[Article, ...]:
        return tuple(one for category in self.categories(language) for one in category.articles)

    def article(self, slug: str, language: str) -> Article | None:
        return next((one for one in self.articles(language) if one.slug == slug), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An article with its score for a question."""

    slug: Slug
    score: float
    """From 0 (nothing in common) to 1 (asked in the words of one of its phrasings)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Answer: one article, with enough confidence to show it."""

    article: Article
    score: float
    alternatives: tuple[Article, ...]
    """The next best articles, in case this one was not meant."""
    candidates: tuple[Candidate, ...]
    asked_in: str | None = None
    """Language of the question, if it is recognised and not that of the article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """Answer: articles to choose from, none with enough confidence or none that says it."""

    choices: tuple[Article, ...]
    candidates: tuple[Candidate, ...]
    asked_in: str | None = None
    """Language of the question, if it is recognised and not that of the articles."""
    not_said: bool = False
    """The one choice is about this, and says that no page tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """Answer: no article matches; the candidates are for diagnosis, not for the person."""

    candidates: tuple[Candidate, ...]
    asked: str | None = None
    """The part of a message this answers; None: the whole message."""


class Talk(StrEnum):
    """Kinds of small talk."""

    GREETING = "greeting"
    THANKS = "thanks"
    CHATTER = "chatter"
    ABUSE = "abuse"
    HELP = "help"
    """Asks what the desk can do."""
    UNHELPFUL = "unhelpful"
    """Says that the answer did not help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallTalk:
    """Answer: the message is small talk, not a question; the candidates are for diagnosis."""

    kind: Talk
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedForJob:
    """Answer: the message asks for a job of the desk, not for an article."""

    job: Job
    candidates: tuple[Candidate, ...]
    """For diagnosis; empty if no article was looked for."""


Answer: TypeAlias = Found | Unsure | Nothing | SmallTalk | AskedForJob
