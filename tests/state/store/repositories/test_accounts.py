from datetime import timedelta

import pytest

from state.model.account import Account, ItemId
from tests.state.store.desk import Desk
from tests.support.builders import ADA, BEN, a_completion, an_account
from tests.support.fakes import START

A_MINUTE = timedelta(minutes=1)


async def test_an_account_is_stored_and_read_back_unchanged(desk: Desk, onlooker: Desk) -> None:
    account = an_account(
        profile={ItemId("photo"): True, ItemId("tagline"): None},
        completeness=79.6,
        connects_balance=12,
        extra={"badges": ["top", {"since": 2019}], "half a pair": "\ud83d", "nul": "\0"},
    )

    assert await desk.transact(lambda unit: unit.accounts.put(account))

    assert await onlooker.transact(lambda unit: unit.accounts.get(ADA)) == account


async def test_an_unknown_freelancer_has_no_account(desk: Desk) -> None:
    assert await desk.transact(lambda unit: unit.accounts.get(ADA)) is None


@pytest.mark.parametrize("late", [timedelta(0), A_MINUTE], ids=["same moment", "older"])
async def test_a_snapshot_that_is_not_newer_changes_nothing(
    desk: Desk, onlooker: Desk, late: timedelta
) -> None:
    held = an_account(completeness=80.0)
    await desk.transact(lambda unit: unit.accounts.put(held))

    late_one = an_account(as_of=START - late, completeness=72.0)
    kept = await desk.transact(lambda unit: unit.accounts.put(late_one))

    assert not kept
    assert await onlooker.transact(lambda unit: unit.accounts.get(ADA)) == held


async def test_a_newer_snapshot_replaces_every_field(desk: Desk, onlooker: Desk) -> None:
    await desk.transact(lambda unit: unit.accounts.put(an_account(completeness=80.0)))
    newer = Account(id=ADA, as_of=START + A_MINUTE, plan=an_account().plan)

    assert await desk.transact(lambda unit: unit.accounts.put(newer))

    assert await onlooker.transact(lambda unit: unit.accounts.get(ADA)) == newer


async def test_a_step_is_completed_once_and_keeps_its_first_proof(
    desk: Desk, onlooker: Desk
) -> None:
    first = a_completion("phone", days_ago=30)
    again = a_completion("phone", days_ago=1)

    news = [
        await desk.transact(lambda unit: unit.accounts.complete(ADA, first)),
        await desk.transact(lambda unit: unit.accounts.complete(ADA, again)),
    ]

    assert news == [True, False]
    assert await onlooker.transact(lambda unit: unit.accounts.completions(ADA)) == (first,)


async def test_completions_are_listed_for_one_freelancer_oldest_first(
    desk: Desk, onlooker: Desk
) -> None:
    older = a_completion("profile_80", days_ago=40)
    newer = a_completion("basic_profile", days_ago=3)
    await desk.transact(lambda unit: unit.accounts.complete(ADA, older))
    await desk.transact(lambda unit: unit.accounts.complete(ADA, newer))
    await desk.transact(lambda unit: unit.accounts.complete(BEN, a_completion("phone")))

    found = await onlooker.transact(lambda unit: unit.accounts.completions(ADA))

    assert found == (older, newer)
