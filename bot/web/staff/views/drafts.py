"""View of a proposed article change: diff, findings, preview of the Telegram message."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from bot.presentation.telegram_html import plain, refusals
from bot.presentation.templates import Templating
from bot.presentation.views import answers
from knowledge.library.drafting import CheckedProposal
from knowledge.model import Article
from state.model.question import QuestionId


def impossible(fault: str) -> Mapping[str, object]:
    """Result for a proposal that could not be checked."""
    return {"faults": (fault,), "lines": (), "message": None, "buttons": (), "new": False}


def result(
    checked: CheckedProposal, article: Article | None, templating: Templating
) -> dict[str, object]:
    """Result of a checked proposal."""
    shown = None if article is None else message(article, templating)
    return {
        "faults": tuple(checked.faults),
        "lines": tuple(_lines(checked.proposal.difference)),
        "message": shown,
        "buttons": () if article is None else buttons(article, templating),
        "new": not checked.proposal.before,
    }


def message(article: Article, templating: Templating) -> Markup | str:
    """Preview in Telegram's HTML; plain text if Telegram would refuse the markup."""
    reply = answers.article(answers.ShownArticle(article=article, record=QuestionId(1)))
    language = templating.language(article.language)
    html = templating.message(reply.template, reply.context, language)
    if any(refusals(html)):
        return plain(html)
    return Markup(html)  # noqa: S704 - made of Markdown without HTML, and just looked through


def buttons(article: Article, templating: Templating) -> Sequence[Sequence[str]]:
    """Texts of the preview's buttons, by row."""
    reply = answers.article(answers.ShownArticle(article=article, record=QuestionId(1)))
    language = templating.language(article.language)
    return [
        [templating.label(one.label, one.values, language) for one in row] for row in reply.buttons
    ]


def _lines(difference: str) -> Sequence[tuple[str, str]]:
    """Lines of the diff with their kind, which is also announced to screen readers."""
    kinds = {"+": "added", "-": "removed", "@": "place"}
    return [
        ("file" if line.startswith(("+++", "---")) else kinds.get(line[:1], "same"), line)
        for line in difference.splitlines()
    ]
