"""A proposed change of the articles: its difference, its faults, and how Telegram will show it."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from bot.presentation.telegram_html import plain, refusals
from bot.presentation.templates import Templating
from bot.presentation.views import answers
from knowledge.library.drafting import Judged
from knowledge.model import Article
from state.model.question import QuestionId


def impossible(fault: str) -> Mapping[str, object]:
    """What can't even be tried."""
    return {"faults": (fault,), "lines": (), "message": None, "buttons": (), "new": False}


def result(found: Judged, article: Article | None, templating: Templating) -> dict[str, object]:
    shown = None if article is None else message(article, templating)
    return {
        "faults": tuple(found.faults),
        "lines": tuple(_lines(found.proposal.difference)),
        "message": shown,
        "buttons": () if article is None else buttons(article, templating),
        "new": not found.proposal.before,
    }


def message(article: Article, templating: Templating) -> Markup | str:
    """Telegram's own HTML; words alone if it holds what Telegram would refuse."""
    reply = answers.article(answers.Shown(article=article, record=QuestionId(1)))
    language = templating.language(article.language)
    html = templating.message(reply.template, reply.context, language)
    if any(refusals(html)):
        return plain(html)
    return Markup(html)  # noqa: S704 - made of Markdown without HTML, and just looked through


def buttons(article: Article, templating: Templating) -> Sequence[Sequence[str]]:
    reply = answers.article(answers.Shown(article=article, record=QuestionId(1)))
    language = templating.language(article.language)
    return [
        [templating.label(one.label, one.values, language) for one in row] for row in reply.buttons
    ]


def _lines(difference: str) -> Sequence[tuple[str, str]]:
    """Each with its kind, which a reader hears, too."""
    kinds = {"+": "added", "-": "removed", "@": "place"}
    return [
        ("file" if line.startswith(("+++", "---")) else kinds.get(line[:1], "same"), line)
        for line in difference.splitlines()
    ]
