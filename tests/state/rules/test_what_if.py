"""What a change would bring, with nothing stored."""

import pytest

from state.model.account import Account, PlanId, Progress
from state.rules.progress import BadChange, what_if
from tests.support.builders import ADA, a_completion, a_profile, an_account, policy
from tests.support.fakes import START

HALF_WAY = an_account(profile=a_profile(), completeness=72.0)
PAID = an_account(plan=PlanId("individual"), profile=a_profile(), plan_allowance=60)


def after(account: Account | None, *changes: str) -> Progress | BadChange:
    return what_if(policy(), account, (), changes, freelancer_id=ADA, now=START)


@pytest.mark.parametrize(
    ("account", "changes", "earned"),
    [
        (HALF_WAY, (), 10),
        (HALF_WAY, ("phone",), 20),
        (HALF_WAY, ("phone", "phone"), 20),
        (HALF_WAY, ("phone", "profile_80"), 40),
        (HALF_WAY, ("plan=individual",), None),
        (PAID, ("plan=individual",), 60),
        (PAID, ("plan=basic",), 10),
        (PAID, ("plan=basic", "phone", "profile_80"), 40),
        (None, ("phone",), 10),
    ],
)
def test_changes_are_computed_like_snapshots(
    account: Account | None, changes: tuple[str, ...], earned: int | None
) -> None:
    found = after(account, *changes)

    assert isinstance(found, Progress)
    assert found.earned == earned


def test_previously_completed_steps_still_count() -> None:
    done = (a_completion("phone"),)

    found = what_if(policy(), HALF_WAY, done, ("profile_80",), freelancer_id=ADA, now=START)

    assert isinstance(found, Progress)
    assert found.earned == 40


@pytest.mark.parametrize(
    ("account", "change", "sentence"),
    [
        (HALF_WAY, "fly", "“fly” is neither a step (basic_profile, profile_80, phone)"),
        (HALF_WAY, "plan=gold", "“gold” is not a plan; the plans are basic, individual"),
        (None, "plan=individual", "never read"),
    ],
)
def test_an_impossible_change_is_explained(
    account: Account | None, change: str, sentence: str
) -> None:
    found = after(account, change)

    assert isinstance(found, BadChange)
    assert sentence in found.sentence
