"""Snapshots from outside: what is kept, and how faults are named."""

from datetime import UTC, datetime

import pytest

from bot.presentation.api_schema import (
    BadSnapshotError,
    account_of,
    from_csv_row,
    from_json_line,
    snapshot_of,
)
from state.model.account import PlanId

PLANS = frozenset({PlanId("basic"), PlanId("individual")})
ADA = {
    "id": "f-1001",
    "as_of": "2026-11-23T09:30:00Z",
    "display_name": "Ada",
    "plan": "basic",
    "profile": {"photo": True, "email_verified": None},
    "completeness": 72.0,
    "quick_actions": {"portfolio": False},
    "phone": "+447911123456",
    "phone_verified": False,
}


def test_a_snapshot_becomes_an_account() -> None:
    account = account_of(ADA, plans=PLANS)

    assert account.as_of == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    assert account.profile == {"photo": True, "email_verified": None}
    assert account.completeness == 72.0


def test_a_whole_number_may_have_a_decimal_point() -> None:
    account = account_of(ADA | {"connects_balance": 5.0}, plans=PLANS)

    assert account.connects_balance == 5
    assert isinstance(account.connects_balance, int)


def test_a_snapshot_is_returned_as_it_was_sent() -> None:
    sent = ADA | {"badge": {"level": 3}}

    account = account_of(sent, plans=PLANS)

    assert account_of(snapshot_of(account), plans=PLANS) == account
    assert sent.items() <= snapshot_of(account).items()


def test_unknown_fields_are_kept() -> None:
    account = account_of(ADA | {"badge": {"level": 3}}, plans=PLANS)

    assert account.extra == {"badge": {"level": 3}}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": ""}, "id: string should have at least 1 character"),
        ({"as_of": "yesterday"}, "as_of: input should be a valid datetime"),
        ({"as_of": "2026-11-23T09:30:00"}, "as_of: input should have timezone info"),
        ({"plan": "gold"}, "plan: 'gold' is none of basic, individual"),
        ({"completeness": "72"}, "completeness: input should be a valid number"),
        ({"completeness": 101}, "completeness: input should be less than or equal to 100"),
        ({"profile": {"photo": "yes"}}, "profile.photo: input should be a valid boolean"),
        ({"phone_verified": 1}, "phone_verified: input should be a valid boolean"),
        ({"connects_balance": -1}, "connects_balance: input should be greater than"),
        ({"connects_balance": 5.5}, "connects_balance: input should be a valid integer"),
    ],
)
def test_an_invalid_field_is_named_by_its_path(change: dict[str, object], said: str) -> None:
    with pytest.raises(BadSnapshotError) as caught:
        account_of(ADA | change, plans=PLANS)

    assert str(caught.value).startswith(said)


def test_the_refused_value_is_not_repeated() -> None:
    with pytest.raises(BadSnapshotError) as caught:
        account_of(ADA | {"phone": ["+447911123456"]}, plans=PLANS)

    assert "447911" not in str(caught.value)


def test_a_line_that_is_not_json_is_refused() -> None:
    with pytest.raises(BadSnapshotError, match="not JSON"):
        from_json_line("{")


def test_a_csv_row_nests_by_dots_and_treats_empty_cells_as_unknown() -> None:
    row = {
        "id": "7",
        "as_of": "2026-11-23T09:30:00Z",
        "plan": "basic",
        "profile.photo": "TRUE",
        "profile.skills": "",
        "completeness": "79.6",
        "connects_balance": "12",
        "phone": "+12025550123",
    }

    account = account_of(from_csv_row(row), plans=PLANS)

    assert account.id == "7"
    assert account.profile == {"photo": True, "skills": None}
    assert (account.completeness, account.connects_balance) == (79.6, 12)


def test_an_invalid_csv_cell_is_named() -> None:
    row = {"id": "7", "as_of": "2026-11-23T09:30:00Z", "plan": "basic", "completeness": "much"}

    with pytest.raises(BadSnapshotError, match="completeness: input should be a valid number"):
        account_of(from_csv_row(row), plans=PLANS)


def test_unstorable_characters_in_unknown_fields_are_replaced() -> None:
    line = '{"id": "f-1", "as_of": "2026-11-23T09:30:00Z", "plan": "basic", "bio": "cut \\ud83d"}'
    row = {"id": "f-1", "as_of": "2026-11-23T09:30:00Z", "plan": "basic", "about.bio": "a\0b"}

    from_line = account_of(from_json_line(line), plans=PLANS)
    from_row = account_of(from_csv_row(row), plans=PLANS)

    assert from_line.extra == {"bio": "cut \ufffd"}
    assert from_row.extra == {"about": {"bio": "a\ufffdb"}}


@pytest.mark.parametrize("dots", [".", ".."])
def test_an_id_that_fits_into_no_url_is_refused(dots: str) -> None:
    with pytest.raises(BadSnapshotError, match=r"^id: should not be \. or \.\., which no address"):
        account_of(ADA | {"id": dots}, plans=PLANS)


@pytest.mark.parametrize("dotted", ["...", ".a", "a.", "a..b"])
def test_ids_may_contain_dots(dotted: str) -> None:
    assert account_of(ADA | {"id": dotted}, plans=PLANS).id == dotted


@pytest.mark.parametrize("levels", [33, 100_000])
def test_a_too_deeply_nested_field_is_refused(levels: int) -> None:
    nested: list[object] = []
    for _ in range(levels):
        nested = [nested]

    with pytest.raises(BadSnapshotError, match="nested too deeply, 32 levels are the most"):
        account_of(ADA | {"badges": nested}, plans=PLANS)
    for _ in range(levels):  # level by level, or freeing it would recurse
        nested = nested[0]  # type: ignore[assignment]


def test_a_moderately_nested_field_is_kept() -> None:
    kept = account_of(ADA | {"badges": [{"a": [{"b": [1]}]}]}, plans=PLANS)

    assert kept.extra == {"badges": [{"a": [{"b": [1]}]}]}
