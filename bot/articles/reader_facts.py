"""Facts about the reader that articles may use: progress, account and verification."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import assert_never

from bot.presentation.templates import full_minute
from bot.settings import NO_CALLS, Settings
from knowledge.facts import NOBODY, Facts
from knowledge.model import Article
from state.model.account import (
    Blocked,
    Done,
    Due,
    FreelancerId,
    NotNeeded,
    Progress,
    Standing,
    Unknown,
)
from state.model.channel import Channel
from state.policy import Item, ItemsStep, MeterStep, PhoneStep, Policy
from state.rules.standing import (
    CallRunning,
    CanCall,
    Locked,
    NotStarted,
    VerifiedStanding,
)
from state.usecases.progress.read import NotFound, ReadProgress
from state.usecases.verification.read import ReadVerification, VerificationView


def channels_of(settings: Settings) -> frozenset[Channel]:
    """The ways to send codes that the settings configure."""
    ways = {
        Channel.CALL: settings.voice != NO_CALLS,
        Channel.GATEWAY: settings.gateway_token is not None,
    }
    return frozenset(channel for channel, configured in ways.items() if configured)


def anybody_at(channels: Collection[Channel]) -> Facts:
    """What articles may say to an unknown reader of a desk with these ways to send codes."""
    return Facts(by_call=Channel.CALL in channels, by_message=Channel.GATEWAY in channels)


async def facts_for(
    freelancer_id: FreelancerId | None,
    article: Article,
    read_progress: ReadProgress,
    read_verification: ReadVerification,
    anybody: Facts = NOBODY,
) -> Facts:
    """The reader's facts, read only if needed.

    `anybody` without a query if the chat is not linked or the article uses no facts.
    """
    if freelancer_id is None or not article.is_personal:
        return anybody
    found = await read_progress(freelancer_id)
    verification = await read_verification(freelancer_id)
    return facts_of(found, verification, read_progress.policy, anybody)


def facts_of(
    found: Progress | NotFound,
    verification: VerificationView | None,
    policy: Policy,
    anybody: Facts = NOBODY,
) -> Facts:
    """A freelancer's facts from their progress and verification, and the desk's from `anybody`.

    `verification` None leaves those facts unknown.
    """
    match found:
        case Progress():
            facts = _of_progress(found, policy, anybody)
        case NotFound():
            facts = replace(anybody, linked=True)
        case _:
            assert_never(found)
    return facts if verification is None else _with_verification(facts, verification)


def _of_progress(found: Progress, policy: Policy, anybody: Facts) -> Facts:
    steps = [
        (rule, one.standing) for rule in policy.steps for one in found.steps if one.step == rule.id
    ]
    plan = policy.plan(found.plan) if found.plan else None
    return replace(
        anybody,
        linked=True,
        read_at=found.as_of,
        stale=found.stale,
        plan=plan.name if plan else None,
        paid=plan.paid if plan else None,
        earned=found.earned,
        allowance=found.allowance,
        undocumented=found.undocumented,
        complete=found.complete,
        steps_done=tuple(rule.name for rule, one in steps if isinstance(one, Done)),
        steps_due=tuple(rule.name for rule, one in steps if isinstance(one, Due | Blocked)),
        steps_unknown=tuple(rule.name for rule, one in steps if isinstance(one, Unknown)),
        profile_done=_done(one for rule, one in steps if isinstance(rule, ItemsStep)),
        meter_done=_done(one for rule, one in steps if isinstance(rule, MeterStep)),
        phone_done=_done(one for rule, one in steps if isinstance(rule, PhoneStep)),
        completeness=found.completeness,
        missing_items=tuple(
            name
            for rule, one in steps
            if isinstance(rule, ItemsStep)
            for name in _missing(rule.items, one)
        ),
        quick_ways=tuple(
            name
            for rule, one in steps
            if isinstance(rule, MeterStep)
            for name in _missing(rule.quick_ways, one)
        ),
        connects_balance=found.connects_balance,
    )


def _done(standings: Iterable[Standing]) -> bool | None:
    """Whether all steps of one kind are done; None if unknown."""
    found = [_is_done(one) for one in standings]
    if False in found:
        return False
    return True if found and None not in found else None


def _is_done(standing: Standing) -> bool | None:
    match standing:
        case Done():
            return True
        case Due() | Blocked():
            return False
        case Unknown() | NotNeeded():
            return None
        case _:
            assert_never(standing)


def _missing(items: Sequence[Item], standing: Standing) -> list[str]:
    if not isinstance(standing, Due):
        return []
    return [item.name for item in items if item.id in standing.missing]


def _with_verification(facts: Facts, view: VerificationView) -> Facts:
    match view.standing:
        case VerifiedStanding():
            return replace(facts, phone_verified=True)
        case Locked(until):
            until = full_minute(until)
            return replace(facts, phone_verified=False, tries_left=0, locked_until=until)
        case CallRunning(tries_left=left) | CanCall(tries_left=left):
            return replace(facts, phone_verified=False, tries_left=left)
        case NotStarted():
            return replace(facts, phone_verified=_untouched(facts, view), tries_left=view.attempts)
        case _:
            assert_never(view.standing)


def _untouched(facts: Facts, view: VerificationView) -> bool | None:
    """`phone_verified` before any call: False if a number is known, else None (unknown)."""
    if facts.phone_done is None or view.number is None:
        return None
    return False
