"""Proposed article changes, linted on a temporary copy of the article folder."""

import re
import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.articles.lint import findings
from bot.presentation.templates import Templating
from knowledge.library.document import BadArticlesError, read_document
from knowledge.library.drafting import (
    CannotAddError,
    CheckedProposal,
    Draft,
    Proposal,
    render_draft,
    with_phrasing,
)
from knowledge.library.loader import source_files
from knowledge.model import Article
from state.policy import Policy

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
TEMPORARY = "helpdesk-proposal-"


class BadProposalError(Exception):
    """The proposal can't be linted at all; the message says what to correct."""


def one_more_phrasing(folder: Path, article: Article, phrasing: str) -> Proposal:
    """A proposal that adds one phrasing (sample question) to an article.

    BadProposalError if the file's question list can't be extended by a line.
    """
    path = f"{article.language}/{article.slug}.md"
    before = (folder / path).read_text(encoding="utf-8")
    try:
        return Proposal(path=path, before=before, after=with_phrasing(before, phrasing))
    except CannotAddError:
        raise BadProposalError(f"{path}: write its questions one a line first") from None


def new_article(folder: Path, draft: Draft, languages: Sequence[str]) -> Proposal:
    """A proposal for a new article file.

    BadProposalError for an unknown language, an existing article, or a slug unsafe as a file name.
    """
    if not SLUG.fullmatch(draft.slug):
        raise BadProposalError("short name: small letters, digits and single dashes, no spaces")
    if draft.language not in languages:
        raise BadProposalError(f"language: there are no articles in {draft.language}")
    path = f"{draft.language}/{draft.slug}.md"
    if (folder / path).exists():
        raise BadProposalError(f"short name: there is an article {draft.slug} already")
    return Proposal(path=path, before="", after=render_draft(draft))


def judged(
    folder: Path, proposal: Proposal, *, policy: Policy, templating: Templating, today: date
) -> CheckedProposal:
    """Lint the proposal on a copy of the articles, as if its phrasing had been reviewed.

    Blocks for about a second: run it in a thread.
    """
    with TemporaryDirectory(prefix=TEMPORARY) as name:
        copy = Path(name) / "articles"
        for source in source_files(folder):
            place = copy / source.relative_to(folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            with suppress(OSError):  # a fault of that file, not of the proposal
                shutil.copyfile(source, place)
        target = copy / proposal.path
        target.write_text(proposal.after, encoding="utf-8")
        found = findings(copy, policy=policy, templating=templating, today=today, to_review=False)
        faults = [
            one.message
            for one in found
            if one.path == target or one.message.endswith(f" {proposal.slug} too")
        ]
        return CheckedProposal(proposal=proposal, faults=faults, article=_article(target))


def _article(path: Path) -> Article | None:
    try:
        return read_document(path).article
    except BadArticlesError:
        return None
