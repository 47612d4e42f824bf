"""Every account of the table of cases, and every standing of a verification, as facts."""

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.articles.reader_facts import anybody_at, channels_of, facts_for, facts_of
from knowledge.facts import NOBODY, Facts
from knowledge.model import Article
from state.model.account import Account, FreelancerId, PlanId
from state.model.channel import Channel
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
from tests.state.usecases.desk import Desk
from tests.support.builders import ADA, a_profile, a_session, an_account, policy
from tests.support.cases import CASES
from tests.support.fakes import START
from tests.support.libraries import an_article
from tests.support.readers import reading, view
from tests.support.scenes import settings_for

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


@pytest.fixture
def desk() -> Desk:
    return Desk()


PERSONAL = replace(an_article("tea", "how"), short="{{ linked }}")
PLAIN = an_article("bread", "how")


@pytest.mark.parametrize(
    ("settings", "by_call", "by_message"),
    [
        ({"voice": "none", "gateway_token": None}, False, False),
        ({"voice": "twilio", "gateway_token": None}, True, False),
        ({"voice": "none", "gateway_token": "t"}, False, True),
        ({"voice": "twilio", "gateway_token": "t"}, True, True),
    ],
)
def test_how_a_desk_sends_codes_is_known_by_its_settings(
    settings: dict[str, Any], *, by_call: bool, by_message: bool
) -> None:
    found = anybody_at(channels_of(settings_for("sqlite+aiosqlite://", **settings)))

    assert found == Facts(by_call=by_call, by_message=by_message)


def test_what_a_desk_does_is_known_of_every_reader() -> None:
    desk = anybody_at({Channel.GATEWAY})

    found = [
        facts_of(one, view(CanCall(1)), policy(), desk)
        for one in (NotFound(), reading(an_account()))
    ]

    assert [(one.by_call, one.by_message, one.linked) for one in found] == [
        (False, True, True)
    ] * 2


async def facts_at(desk: Desk, freelancer: FreelancerId | None, article: Article) -> Facts:
    return await desk.run(
        lambda do: facts_for(freelancer, article, do.read_progress, do.read_verification)
    )


async def test_facts_are_read_for_a_linked_reader_of_a_personal_article(desk: Desk) -> None:
    await desk.arrive(profile=a_profile(), completeness=72.0)

    found = await facts_at(desk, ADA, PERSONAL)

    assert (found.linked, found.earned, found.tries_left) == (True, 10, 3)


@pytest.mark.parametrize(("freelancer", "article"), [(None, PERSONAL), (ADA, PLAIN)])
async def test_facts_that_no_article_uses_are_not_read(
    desk: Desk, freelancer: FreelancerId | None, article: Article
) -> None:
    await desk.arrive()

    assert await facts_at(desk, freelancer, article) is NOBODY


async def test_who_is_not_linked_reads_what_the_desk_does(desk: Desk) -> None:
    anybody = anybody_at({Channel.GATEWAY})

    found = await desk.run(
        lambda do: facts_for(None, PERSONAL, do.read_progress, do.read_verification, anybody)
    )

    assert found is anybody
