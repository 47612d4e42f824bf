"""Progress as other programs read it: every standing has its own shape."""

from datetime import timedelta

import pytest

from bot.presentation.api_schema import progress_json
from state.model.account import Blocked, Done, Due, ItemId, NotNeeded, Standing, Unknown
from tests.bot.presentation.views.test_progress import a_progress
from tests.support.fakes import START


@pytest.mark.parametrize(
    ("standing", "shape"),
    [
        (Done(START), {"status": "done", "done_at": "2026-11-23T12:00:00Z"}),
        (Due((ItemId("tagline"),)), {"status": "due", "missing": ["tagline"]}),
        (Unknown(), {"status": "unknown"}),
        (NotNeeded(), {"status": "not_needed"}),
        (
            Blocked(START + timedelta(days=1)),
            {"status": "blocked", "blocked_until": "2026-11-24T12:00:00Z"},
        ),
    ],
)
def test_each_status_of_a_step_has_its_json_form(
    standing: Standing, shape: dict[str, object]
) -> None:
    step = progress_json(a_progress(standing))["steps"][0]

    empty: dict[str, object] = {"missing": [], "done_at": None, "blocked_until": None}
    assert step == {"id": "basic_profile", "connects": 10, **empty, **shape}
