"""A person's record as JSON, whatever state it is in."""

from typing import Any

import pytest

from bot.presentation.record_export import record_json
from state.model.verification import LockedOut, Open, Round, Verified
from state.usecases.privacy.export import AccountRecord, Record
from tests.support.builders import ADA, KEY, a_session
from tests.support.fakes import START

NOON = "2026-11-23T12:00:00Z"


def a_record(**changes: Any) -> Record:
    fields: dict[str, Any] = {
        "id": ADA,
        "account": None,
        "completions": (),
        "revoked": {},
        "numbers": (),
        "round": Open(),
        "calls": (),
        "number_locked_until": None,
        "links": (),
        "audit": (),
    }
    account = AccountRecord(**fields | changes)
    return Record(made_at=START, account=account, chat=None, questions=())


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (Open((START,)), {"status": "open", "wrong_codes_at": [NOON]}),
        (LockedOut(START), {"status": "locked", "until": NOON}),
        (Verified(START, KEY), {"status": "verified", "at": NOON}),
    ],
)
def test_each_verification_state_is_exported_without_its_key(
    found: Round, shown: dict[str, Any]
) -> None:
    record = record_json(a_record(round=found))

    assert record["account"]["verification"] == shown


def test_a_running_call_is_exported_without_end_and_seed() -> None:
    [call] = record_json(a_record(calls=(a_session(),)))["account"]["calls"]

    assert call == {
        "number": "+447911123456",
        "by": "call",
        "opened_at": NOON,
        "ended_at": None,
        "ended": None,
    }


def test_a_person_without_a_snapshot_has_an_empty_account_record() -> None:
    record = a_record()

    assert not record.knows_anything
    assert record_json(record)["account"]["reading"] is None
