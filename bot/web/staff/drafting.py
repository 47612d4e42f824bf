"""Drafts of article changes from a form: lint, preview as in Telegram, download."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.articles.gaps import ContentGap
from bot.articles.proposals import BadProposalError, judged, new_article, one_more_phrasing
from bot.presentation.templates import Templating
from bot.web.staff.context import StaffContext
from bot.web.staff.errors import not_found
from bot.web.staff.forms import line, text
from bot.web.staff.pages import HEADERS
from bot.web.staff.session import Visitor
from bot.web.staff.views import drafts as drafts_view
from bot.web.staff.views import gaps as view
from bot.web.staff.views.gaps import Fields
from knowledge.facts import NOBODY
from knowledge.library.drafting import CheckedProposal, Draft, Proposal
from knowledge.library.personalisation import render_for

FORM_LIMIT = 20_000
"""Maximum characters of one form field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftForms:
    """Handles the forms that propose a phrasing or a new article for a content gap."""

    staff_context: StaffContext
    templating: Templating
    folder: Path
    """The article folder."""

    def page(
        self,
        gap: ContentGap,
        visitor: Visitor,
        fields: Fields,
        result: Mapping[str, object] | None = None,
        **more: object,
    ) -> web.Response:
        """The page of a content gap with its forms and, if given, the result of a check."""
        library = self.staff_context.content().library
        context = {
            **view.gap_page(gap, library),
            "fields": asdict(fields),
            "result": result,
            "phrasing": gap.gap.question,
            "chosen": gap.slug,
            "drafting": False,
            **more,
        }
        return self.staff_context.pages.page("staff/gap", context, visitor)

    async def phrasing(
        self, gap: ContentGap, visitor: Visitor, form: Mapping[str, Any]
    ) -> web.StreamResponse:
        """Check a proposed phrasing of an existing article, or download it as a diff."""
        slug = line(form, "slug", longest=FORM_LIMIT)
        phrasing = line(form, "phrasing", longest=FORM_LIMIT)
        library = self.staff_context.content().library
        article = library.article(slug, gap.gap.language)
        if article is None:
            raise not_found("no_article")
        try:
            proposal = one_more_phrasing(self.folder, article, phrasing)
            judged_ = await self._judged(proposal)
        except BadProposalError as error:
            result: Mapping[str, object] = drafts_view.impossible(str(error))
        else:
            if form.get("action") == "download":
                return _file(f"{slug}.diff", proposal.difference)
            result = self._shown(judged_)
        fields = view.prefilled_fields(gap, library)
        return self.page(gap, visitor, fields, result, phrasing=phrasing, chosen=slug)

    async def draft(
        self, gap: ContentGap, visitor: Visitor, form: Mapping[str, Any]
    ) -> web.StreamResponse:
        """Check a proposed new article, or download it if it has no findings."""
        names = Fields.__dataclass_fields__
        fields = Fields(**{name: text(form, name, longest=FORM_LIMIT) for name in names})
        try:
            proposal = new_article(
                self.folder,
                self._draft(fields, gap.gap.language),
                tuple(self.staff_context.content().library.categories_by_language),
            )
            judged_ = await self._judged(proposal)
        except BadProposalError as error:
            return self.page(
                gap, visitor, fields, drafts_view.impossible(str(error)), drafting=True
            )
        if form.get("action") == "download" and not judged_.faults:
            return _file(f"{proposal.slug}.md", proposal.after)
        return self.page(gap, visitor, fields, self._shown(judged_), drafting=True)

    def _draft(self, fields: Fields, language: str) -> Draft:
        asked = (" ".join(one.split()) for one in fields.questions.splitlines())
        return Draft(
            slug=fields.slug.strip(),
            title=" ".join(fields.title.split()),
            category=fields.category,
            language=language,
            questions=[one for one in asked if one],
            short=fields.short.replace("\r\n", "\n"),
            more=fields.more.replace("\r\n", "\n"),
            source=" ".join(fields.source.split()),
            checked_on=self.staff_context.clock.now().date(),
        )

    async def _judged(self, proposal: Proposal) -> CheckedProposal:
        return await asyncio.to_thread(
            judged,
            self.folder,
            proposal,
            policy=self.staff_context.policy,
            templating=self.templating,
            today=self.staff_context.clock.now().date(),
        )

    def _shown(self, checked: CheckedProposal) -> Mapping[str, object]:
        """Result of a check, previewed for a reader without known facts."""
        article = None if checked.article is None else render_for(checked.article, NOBODY)
        return drafts_view.result(checked, article, self.templating)


def _file(name: str, content: str) -> web.Response:
    return web.Response(
        text=content,
        content_type="text/plain",
        headers={**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'},
    )
