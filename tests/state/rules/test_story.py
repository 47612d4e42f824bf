"""The audit trail alone tells a round again."""

from datetime import datetime, timedelta

import pytest

from state.model.verification import LockedOut, Open, Round, Verified
from state.rules.story import NOT_TOLD, agree, replayed
from tests.builders import KEY
from tests.fakes import START
from tests.state.rules.call_stories import RULES

DAY = timedelta(hours=24)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], Open()),
        ([(1, "call.requested"), (2, "call.wrong_code")], Open((at(2),))),
        ([(1, "call.wrong_code"), (2, "call.requested")], Open((at(1),))),
        ([(1, "call.wrong_code"), (2000, "call.requested")], Open()),
        ([(n, "call.wrong_code") for n in (1, 2, 3)], LockedOut(at(3) + DAY)),
        ([(1, "call.wrong_code"), (2, "call.verified")], Verified(at(2), NOT_TOLD)),
        ([(1, "verification.set")], Verified(at(1), NOT_TOLD)),
        ([(1, "call.verified"), (2, "verification.cleared")], Open()),
        ([(1, "chat.linked"), (2, "call.late_event")], Open()),
    ],
)
def test_lines_lead_to_a_round(lines: list[tuple[int, str]], told: Round) -> None:
    assert replayed([(at(minutes), kind) for minutes, kind in lines], policy=RULES) == told


@pytest.mark.parametrize(
    ("told", "stored", "same"),
    [
        (Open(), Open(), True),
        (Verified(START, NOT_TOLD), Verified(START, KEY), True),
        (Open((START,)), Open(), False),
        (Verified(START, NOT_TOLD), Open(), False),
    ],
)
def test_a_round_that_was_changed_by_hand_is_found_out(
    told: Round, stored: Round, same: bool
) -> None:
    assert agree(told, stored) is same
