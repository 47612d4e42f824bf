"""Every row of the table of cases, and the rulings behind them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from state.model.account import (
    Account,
    Blocked,
    Completion,
    Done,
    Due,
    ItemId,
    NotNeeded,
    PlanId,
    Progress,
    Standing,
    StepId,
    Unknown,
)
from state.rules.progress import newly_done, phone_steps, progress
from tests.support.builders import ADA, PROFILE, a_completion, a_profile, an_account, policy
from tests.support.cases import BASIC, CASES, METER, PHONE
from tests.support.fakes import START

MINUTE = timedelta(minutes=1)


def of(
    account: Account | None,
    *done: Completion,
    blocked_for: timedelta | None = None,
    **changes: Any,
) -> Progress:
    until = None if blocked_for is None else START + blocked_for
    rules = replace(policy(), **changes)
    return progress(rules, account, done, freelancer_id=ADA, now=START, blocked_until=until)


def standings(found: Progress) -> dict[StepId, Standing]:
    return {each.step: each.standing for each in found.steps}


def left(found: Progress) -> set[str]:
    open_steps = {s for s, how in standings(found).items() if not isinstance(how, Done)}
    return {step for step in open_steps if not isinstance(standings(found)[step], NotNeeded)}


@pytest.mark.parametrize(
    ("account", "done", "earned", "still_open"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_every_case_of_the_table_gives_the_expected_progress(
    account: Account, done: tuple[str, ...], earned: int | None, still_open: set[str]
) -> None:
    found = of(account, *(a_completion(step) for step in done))

    assert found.earned == earned
    assert left(found) == still_open
    assert found.complete is (not still_open)


@pytest.mark.parametrize(
    ("reading", "done"), [(80, True), (80.0, True), (79, False), (79.6, False), (79.999, False)]
)
def test_the_completeness_is_compared_unrounded(reading: float, done: bool) -> None:
    found = of(an_account(completeness=reading))

    assert isinstance(standings(found)[METER], Done) is done


def test_without_a_snapshot_every_step_is_unknown_and_no_number_is_zero() -> None:
    found = of(None)

    assert found.earned is None
    assert set(standings(found).values()) == {Unknown()}
    assert (found.as_of, found.plan, found.stale, found.complete) == (None, None, False, False)


def test_a_completion_counts_without_a_snapshot() -> None:
    found = of(None, a_completion("phone"))

    assert found.earned == 10
    assert left(found) == {BASIC, METER}


def test_missing_values_of_a_snapshot_are_not_zero() -> None:
    silent = an_account(profile={}, completeness=None, phone_verified=None)

    found = of(silent)

    assert found.earned is None
    assert left(found) == {BASIC, METER, PHONE}


def test_an_unknown_item_leaves_the_step_unknown() -> None:
    account = an_account(profile=a_profile(tagline=None))

    assert standings(of(account))[BASIC] == Unknown()


def test_a_missing_item_makes_the_step_due_even_if_others_are_unknown() -> None:
    account = an_account(profile=a_profile("photo", tagline=None))

    assert standings(of(account))[BASIC] == Due((ItemId("photo"),))


def test_the_only_missing_item_is_named() -> None:
    account = an_account(profile=a_profile("email_verified"))

    assert standings(of(account))[BASIC] == Due((ItemId("email_verified"),))


def test_below_the_threshold_the_open_quick_actions_are_listed() -> None:
    ways: dict[ItemId, bool | None] = {ItemId("portfolio"): True, ItemId("pledge"): None}
    account = an_account(quick_actions=ways, profile=a_profile("email_verified"))

    # `skills` is known from the profile
    expected = (ItemId("email_verified"), ItemId("id_verified"), ItemId("pledge"))
    assert standings(of(account))[METER] == Due(expected)


def test_on_a_paid_plan_other_steps_are_not_needed_unless_done() -> None:
    account = an_account(plan=PlanId("individual"), phone_verified=True)

    found = standings(of(account))

    assert found[METER] == NotNeeded()
    assert found[PHONE] == Done(START)


def test_a_paid_plan_with_an_unknown_profile_has_no_total() -> None:
    account = an_account(plan=PlanId("individual"), profile={}, plan_allowance=60)

    found = of(account)

    assert (found.earned, found.allowance, found.complete) == (None, 60, False)


def test_an_unknown_plan_does_not_count_as_paid() -> None:
    found = of(an_account(plan=PlanId("platinum")))

    assert (found.paid, found.allowance) == (False, 40)


def test_a_lock_blocks_the_phone_step_until_its_end() -> None:
    found = of(an_account(), blocked_for=timedelta(hours=3))

    assert standings(found)[PHONE] == Blocked(START + timedelta(hours=3))
    assert found.earned == 0


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        (an_account(phone_verified=True), Done(START)),
        (an_account(plan=PlanId("individual")), NotNeeded()),
    ],
    ids=["done", "not needed"],
)
def test_a_lock_is_not_shown_unless_the_phone_step_is_due(
    account: Account, expected: Standing
) -> None:
    found = of(account, blocked_for=timedelta(hours=3))

    assert standings(found)[PHONE] == expected


def test_the_undocumented_part_of_the_allowance_is_computed() -> None:
    assert of(an_account()).undocumented == 10
    assert of(an_account(), allowance=55).undocumented == 25


@pytest.mark.parametrize(
    ("age", "stale"), [(timedelta(hours=24), False), (timedelta(hours=24, seconds=1), True)]
)
def test_a_snapshot_older_than_the_policy_allows_is_stale(age: timedelta, stale: bool) -> None:
    assert of(an_account(as_of=START - age)).stale is stale


def test_a_snapshot_proves_steps_on_any_plan() -> None:
    account = an_account(plan=PlanId("individual"), completeness=80.0, phone_verified=True)

    assert newly_done(policy(), account) == (METER, PHONE)
    assert newly_done(policy(), an_account(profile=a_profile(*PROFILE[1:]))) == ()


def test_the_policy_names_the_steps_completed_by_a_verified_number() -> None:
    assert phone_steps(policy()) == (PHONE,)


@pytest.mark.parametrize(
    ("read", "standing"),
    [
        pytest.param(-MINUTE, Due(), id="read before it was struck out"),
        pytest.param(timedelta(0), Due(), id="read at that very moment"),
        pytest.param(MINUTE, Done(START + MINUTE), id="read since"),
    ],
)
def test_a_revoked_step_needs_a_newer_snapshot(read: timedelta, standing: Standing) -> None:
    account = an_account(as_of=START + read, completeness=95.0)

    found = progress(
        policy(), account, (), freelancer_id=ADA, now=START + MINUTE, revoked={METER: START}
    )

    assert standings(found)[METER] == standing
