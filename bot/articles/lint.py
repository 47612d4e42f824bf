"""Article lint: check articles against the policy, sample readers and Telegram's limits."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain, combinations
from pathlib import Path
from typing import assert_never

from bot.articles.catalogue import Lint
from bot.articles.reader_facts import anybody_at, facts_of
from bot.presentation.telegram_html import refusals
from bot.presentation.templates import Templating
from bot.presentation.views import answers
from knowledge.facts import Facts
from knowledge.library.check import MarkupChecker, check
from knowledge.library.document import Finding
from knowledge.library.numbers import StatedNumber
from knowledge.model import Article
from state.model.account import Account, FreelancerId, ItemId, Progress
from state.model.channel import Channel
from state.model.question import QuestionId
from state.policy import ItemsStep, MeterStep, PhoneStep, Plan, Policy, Step
from state.rules.progress import progress
from state.rules.standing import (
    CanCall,
    Locked,
    NotStarted,
    VerificationStanding,
    VerifiedStanding,
)
from state.usecases.progress.read import NotFound
from state.usecases.verification.read import VerificationView

_NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
_SOMEBODY = FreelancerId("somebody")
_DESKS = {
    "codes by message": {Channel.GATEWAY},
    "codes by call and message": set(Channel),
    "no codes": set[Channel](),
}
_JUST_UNDER = 0.4
"""Percentage points below the completeness threshold, where rounding up would be wrong."""


def sample_readers(policy: Policy) -> dict[str, Facts]:
    """Facts of invented readers in every combination of account and verification state.

    By a description such as "never read, one attempt left"; each article is
    rendered for all of them.
    """
    known = {
        f"{account}, {verification}": facts_of(found, view, policy)
        for account, found in _accounts(policy)
        for verification, view in _verifications(policy)
    }
    return known | {
        f"{verification}, {desk}": facts_of(NotFound(), view, policy, anybody_at(channels))
        for desk, channels in _DESKS.items()
        for verification, view in _verifications(policy)
    }


def _accounts(policy: Policy) -> Iterator[tuple[str, Progress | NotFound]]:
    first = policy.plans[0]
    silent = Account(id=_SOMEBODY, as_of=_NOW, plan=first.id)
    old = replace(
        _account(policy, first, ()), as_of=_NOW - 2 * policy.stale_after, connects_balance=0
    )
    yield "nobody heard of", NotFound()
    yield "never read", _progress(policy, None)
    yield "read without a word", _progress(policy, silent)
    yield "read long ago", _progress(policy, old)
    for plan in policy.plans:
        for done in _subsets(policy.steps):
            name = f"on {plan.name} with {' and '.join(step.name for step in done) or 'nothing'}"
            yield f"{name} done", _progress(policy, _account(policy, plan, done))


def _subsets(steps: Collection[Step]) -> Iterator[tuple[Step, ...]]:
    return chain.from_iterable(combinations(steps, size) for size in range(len(steps) + 1))


def _account(policy: Policy, plan: Plan, done: Collection[Step]) -> Account:
    account = Account(id=_SOMEBODY, as_of=_NOW, plan=plan.id, profile={})
    profile: dict[ItemId, bool | None] = {}
    for step in policy.steps:
        match step:
            case ItemsStep():
                profile |= {item.id: step in done for item in step.items}
            case MeterStep():
                under = 0 if step in done else _JUST_UNDER
                account = replace(account, completeness=step.threshold - under)
            case PhoneStep():
                account = replace(account, phone_verified=step in done)
            case _:
                assert_never(step)
    return replace(account, profile=profile)


def _progress(policy: Policy, account: Account | None) -> Progress:
    return progress(policy, account, (), freelancer_id=_SOMEBODY, now=_NOW)


def _verifications(policy: Policy) -> Iterator[tuple[str, VerificationView]]:
    standings: dict[str, VerificationStanding] = {
        "no call yet": NotStarted(),
        "one attempt left": CanCall(1),
        "locked": Locked(_NOW + timedelta(seconds=1)),
        "number verified": VerifiedStanding(_NOW),
    }
    for name, standing in standings.items():
        for number in ("+44 … 56", None):
            yield (
                name if number else f"{name}, no number",
                VerificationView(
                    standing=standing,
                    number=number,
                    refused=None,
                    decision=None,
                    attempts=policy.verification.attempts,
                ),
            )


def findings(
    folder: Path,
    *,
    policy: Policy,
    templating: Templating,
    today: date | None,
    to_review: bool = True,
    only: Collection[Path] | None = None,
) -> list[Finding]:
    """Lint the articles in `folder`; `only` limits the check to these files.

    `today` None: don't report articles as outdated. `to_review`: report phrasings that wait for a
    reviewer.
    """
    return check(
        folder,
        numbers=stated_numbers(policy),
        readers=sample_readers(policy),
        check_markup=judge(templating),
        today=today,
        to_review=to_review,
        only=only,
    )


def lint_of_edits(folder: Path, policy: Policy, templating: Templating) -> Lint:
    """A lint for edited files; it doesn't report articles as outdated."""

    def faults(edited: Collection[Path]) -> list[Finding]:
        found = findings(folder, policy=policy, templating=templating, today=None, only=edited)
        return [one for one in found if one.path in edited]

    return faults


def judge(templating: Templating) -> MarkupChecker:
    """A check that renders an article as its message and lists what Telegram would refuse."""

    def refused(article: Article) -> list[str]:
        reply = answers.article(answers.ShownArticle(article=article, record=QuestionId(1)))
        language = templating.language(article.language)
        return list(refusals(templating.message(reply.template, reply.context, language)))

    return refused


def stated_numbers(policy: Policy) -> dict[str, StatedNumber]:
    """Policy numbers that articles may state, by the name that their front matter uses."""
    verification = policy.verification
    numbers = {
        "allowance": StatedNumber(policy.allowance, "Connects"),
        "listed": StatedNumber(policy.allowance - policy.undocumented, "Connects"),
        "attempts": StatedNumber(verification.attempts, "attempts"),
        "lock_hours": StatedNumber(verification.lock.total_seconds() / 3600, "hours"),
        "code_digits": StatedNumber(verification.code_digits),
        "code_minutes": StatedNumber(verification.code_lifetime.total_seconds() / 60),
    }
    for step in policy.steps:
        numbers[f"{step.id}_connects"] = StatedNumber(step.connects, "Connects")
        if isinstance(step, MeterStep):
            numbers["threshold"] = StatedNumber(step.threshold, "%")
    connects = {step.connects for step in policy.steps}
    if len(connects) == 1:
        numbers["step_connects"] = StatedNumber(connects.pop(), "Connects")
    return numbers
