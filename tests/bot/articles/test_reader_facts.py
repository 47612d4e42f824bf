"""Every account of the table of cases, and every standing of a verification, as facts."""

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.articles.reader_facts import facts_of
from knowledge.facts import Facts
from state.model.account import Account, PlanId
from state.model.verification import Queued
from state.policy import PhoneStep
from state.rules.progress import progress
from state.rules.standing import (
    CallRunning,
    CanCall,
    Locked,
    NotStarted,
    VerificationStanding,
    VerifiedStanding,
)
from state.usecases.progress.read import NotFound
from tests.support.builders import ADA, a_session, an_account, policy
from tests.support.cases import CASES
from tests.support.fakes import START
from tests.support.readers import reading, view

BASIC, METER, PHONE = (step.name for step in policy().steps)
ITEMS = (
    *("profile photo", "tagline", "overview", "hourly rate"),
    *("skills", "contact information", "email verification"),
)
WAYS = (
    *("add files to your portfolio", "add skills", "verify your email address"),
    *("complete ID verification", "take the Elance Pledge"),
)
FROM_BASIC = {"plan": "Basic", "paid": False, "allowance": 40, "undocumented": 10}
FROM_PAID = {"plan": "Individual", "paid": True, "undocumented": 10}
EXPECTED: dict[str, dict[str, Any]] = {
    "nothing done": FROM_BASIC
    | {
        "earned": 0,
        "steps_due": (BASIC, METER, PHONE),
        "profile_done": False,
        "meter_done": False,
        "phone_done": False,
        "completeness": 35.0,
        "missing_items": ITEMS,
        "quick_ways": WAYS,
    },
    "basic and phone done, meter 72": FROM_BASIC
    | {
        "earned": 20,
        "steps_done": (BASIC, PHONE),
        "steps_due": (METER,),
        "profile_done": True,
        "meter_done": False,
        "phone_done": True,
        "completeness": 72.0,
        "quick_ways": (WAYS[0], WAYS[3], WAYS[4]),
    },
    "all three done": FROM_BASIC
    | {
        "earned": 40,
        "complete": True,
        "steps_done": (BASIC, METER, PHONE),
        "profile_done": True,
        "meter_done": True,
        "phone_done": True,
        "completeness": 91.0,
    },
    "only phone done": FROM_BASIC
    | {
        "earned": 10,
        "steps_done": (PHONE,),
        "steps_due": (BASIC, METER),
        "profile_done": False,
        "meter_done": False,
        "phone_done": True,
        "completeness": 35.0,
        "missing_items": ITEMS,
        "quick_ways": WAYS,
    },
    "80 reached last month, meter 72 now, rest done": FROM_BASIC
    | {
        "earned": 40,
        "complete": True,
        "steps_done": (BASIC, METER, PHONE),
        "profile_done": True,
        "meter_done": True,
        "phone_done": True,
        "completeness": 72.0,
    },
    "six of seven items": FROM_BASIC
    | {
        "earned": 0,
        "steps_due": (BASIC, METER, PHONE),
        "profile_done": False,
        "meter_done": False,
        "phone_done": False,
        "completeness": 35.0,
        "missing_items": ("tagline",),
        "quick_ways": (WAYS[0], WAYS[3], WAYS[4]),
    },
    "premium, email not verified": FROM_PAID
    | {
        "earned": 0,
        "steps_due": (BASIC,),
        "profile_done": False,
        "completeness": 35.0,
        "missing_items": ("email verification",),
    },
    "premium, basic done": FROM_PAID
    | {
        "earned": 60,
        "allowance": 60,
        "complete": True,
        "steps_done": (BASIC,),
        "profile_done": True,
        "completeness": 35.0,
    },
    "premium, basic done, allowance not said": FROM_PAID
    | {
        "plan": "Large Company",
        "complete": True,
        "steps_done": (BASIC,),
        "profile_done": True,
        "completeness": 35.0,
    },
    "downgraded, all done earlier": FROM_BASIC
    | {
        "earned": 40,
        "complete": True,
        "steps_done": (BASIC, METER, PHONE),
        "profile_done": True,
        "meter_done": True,
        "phone_done": True,
        "completeness": 50.0,
    },
    "downgraded, phone never verified": FROM_BASIC
    | {
        "earned": 20,
        "steps_done": (BASIC, METER),
        "steps_due": (PHONE,),
        "profile_done": True,
        "meter_done": True,
        "phone_done": False,
        "completeness": 85.0,
    },
}
"""What is neither said here nor a default is the moment of the reading."""


def facts(account: Account | None, *done: str, **more: Any) -> Facts:
    return facts_of(reading(account, *done, **more), None, policy())


@pytest.mark.parametrize(
    ("name", "account", "done"), [case[:3] for case in CASES], ids=[case[0] for case in CASES]
)
def test_every_sample_account_gives_the_expected_facts(
    name: str, account: Account, done: tuple[str, ...]
) -> None:
    expected = Facts(linked=True, read_at=START, **EXPECTED[name])

    assert asdict(facts(account, *done)) == asdict(expected)


def test_without_a_snapshot_all_steps_are_unknown_and_no_number_is_zero() -> None:
    names = (BASIC, METER, PHONE)

    assert facts(None) == Facts(linked=True, allowance=40, undocumented=10, steps_unknown=names)


def test_an_unknown_freelancer_is_linked_with_unknown_facts() -> None:
    assert facts_of(NotFound(), None, policy()) == Facts(linked=True)


def test_an_old_snapshot_is_marked_as_stale() -> None:
    old = facts(an_account(as_of=START - timedelta(days=3), connects_balance=7))

    assert (old.stale, old.read_at) == (True, START - timedelta(days=3))
    assert old.connects_balance == 7


def test_a_plan_missing_from_the_policy_has_no_name() -> None:
    found = facts(an_account(plan=PlanId("platinum")))

    assert (found.plan, found.paid) == (None, None)


def test_a_step_blocked_by_a_lock_is_due() -> None:
    found = facts(an_account(), blocked_until=START + timedelta(hours=3))

    assert found.steps_due == (BASIC, METER, PHONE)
    assert found.phone_done is False


def test_a_policy_without_a_phone_step_gives_no_phone_facts() -> None:
    rules = replace(
        policy(), steps=tuple(one for one in policy().steps if not isinstance(one, PhoneStep))
    )
    found = progress(rules, an_account(), (), freelancer_id=ADA, now=START)

    assert facts_of(found, None, rules).phone_done is None


@pytest.mark.parametrize(
    ("standing", "verified", "tries", "until"),
    [
        (VerifiedStanding(START), True, None, None),
        (CanCall(2), False, 2, None),
        (CallRunning(session=a_session(Queued()), tries_left=1), False, 1, None),
        (Locked(START + timedelta(hours=3)), False, 0, START + timedelta(hours=3)),
        (Locked(START + timedelta(seconds=61)), False, 0, START + timedelta(minutes=2)),
        (NotStarted(), False, 3, None),
    ],
    ids=["verified", "can call", "running", "locked", "locked, not on the minute", "not started"],
)
def test_every_verification_status_becomes_facts(
    standing: VerificationStanding, verified: bool, tries: int | None, until: object
) -> None:
    found = facts_of(reading(an_account()), view(standing), policy())

    assert (found.phone_verified, found.tries_left, found.locked_until) == (verified, tries, until)


@pytest.mark.parametrize(
    ("account", "number"),
    [
        (an_account(phone_verified=None), "+44 … 56"),
        (an_account(phone=None), None),
        (None, None),
    ],
    ids=["the marketplace does not say", "no number", "never read"],
)
def test_a_number_with_unknown_status_is_not_called_unverified(
    account: Account | None, number: str | None
) -> None:
    found = facts_of(reading(account), view(NotStarted(), number), policy())

    assert found.phone_verified is None


def test_a_completed_phone_step_says_nothing_about_a_newer_number() -> None:
    found = facts_of(reading(an_account(), "phone"), view(NotStarted()), policy())

    assert (found.phone_done, found.phone_verified) == (True, False)
