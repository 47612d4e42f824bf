"""Articles and words, read from files once: the shipped ones or the operator's."""

from pathlib import Path

from bot.config import Settings, SettingsError
from bot.templating import Templating
from knowledge.document import BadArticlesError
from knowledge.engine import AnswerEngine
from knowledge.library import load, shipped_folder
from knowledge.model import Library


def articles_folder(settings: Settings) -> Path:
    return settings.articles or shipped_folder()


def load_library(settings: Settings) -> Library:
    """SettingsError names the first fault, with file and line."""
    try:
        return load(articles_folder(settings))
    except BadArticlesError as error:
        first, *rest = error.findings
        more = f" ({len(rest)} more: helpdesk check lists them)" if rest else ""
        raise SettingsError(f"The articles are broken: {first}{more}.") from None


def answer_engine(library: Library) -> AnswerEngine:
    return AnswerEngine(library)


def load_templating(settings: Settings) -> Templating:
    return Templating(brand=settings.brand, languages=settings.languages)
