"""The audit trail alone tells the attempts again."""

from datetime import datetime, timedelta

import pytest

from state.model.ledger import LedgerKind
from state.rules.audit_replay import ReplayedState, TrailLine, replay, replay_ledger
from tests.state.rules.call_stories import RULES
from tests.support.builders import an_entry
from tests.support.fakes import START

DAY = timedelta(hours=24)
ONE, OTHER = "+44 … 56", "+1 … 23"


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], ReplayedState()),
        ([(1, "call.requested", ONE), (2, "call.wrong_code", ONE)], ReplayedState((at(2),))),
        ([(1, "call.wrong_code", ONE), (2, "call.requested", ONE)], ReplayedState((at(1),))),
        ([(-2000, "call.wrong_code", ONE), (2, "call.requested", ONE)], ReplayedState()),
        (
            [(n, "call.wrong_code", ONE) for n in (1, 2, 3)],
            ReplayedState((at(1), at(2), at(3))),
        ),
        ([(1, "call.wrong_code", ONE), (2, "call.verified", ONE)], ReplayedState((), at(2))),
        (
            [(1, "call.wrong_code", ONE), (2, "call.verified", OTHER)],
            ReplayedState((at(1),), at(2)),
        ),
        (
            [(1, "call.wrong_code", ONE), (2, "verification.set", f"{ONE} seen")],
            ReplayedState((), at(2)),
        ),
        ([(1, "call.verified", ONE), (2, "verification.cleared", "seen")], ReplayedState()),
        ([(1, "call.verified", ONE), (2, "call.requested", OTHER)], ReplayedState()),
        ([(1, "chat.linked", ""), (2, "call.late_event", ONE)], ReplayedState()),
    ],
)
def test_replaying_audit_lines_gives_the_stored_state(
    lines: list[tuple[int, str, str]], told: ReplayedState
) -> None:
    trail = [TrailLine(at(minutes), kind, detail) for minutes, kind, detail in lines]

    assert replay(trail, now=at(60), policy=RULES) == told


@pytest.mark.parametrize(
    ("since", "now", "found"),
    [
        (None, START, (START,)),
        (START, START, (START,)),
        (at(1), START, ()),
        (None, START + DAY, ()),
    ],
    ids=["no trail", "in the trail", "from before the trail", "too old"],
)
def test_the_comparison_covers_only_what_the_audit_trail_records(
    since: datetime | None, now: datetime, found: tuple[datetime, ...]
) -> None:
    entries = [an_entry(), an_entry(LedgerKind.ASKED)]

    assert replay_ledger(entries, since=since, now=now, policy=RULES) == found
