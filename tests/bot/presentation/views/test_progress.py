"""Progress in words and buttons: one line a step, and the bar that decorates it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.presentation.views import progress as progress_views
from state.model.account import (
    Blocked,
    Done,
    Due,
    ItemId,
    NotNeeded,
    PlanId,
    Progress,
    Standing,
    StepProgress,
    Unknown,
)
from state.policy import ItemsStep, Policy
from state.usecases.progress.read import NotFound
from tests.bot.presentation.views.shown import buttons, labels, words
from tests.support.builders import ADA, policy
from tests.support.fakes import START


def a_progress(*standings: Standing, **changes: Any) -> Progress:
    """Standings in the order of the policy's steps; nothing is done where none is given."""
    steps = policy().steps
    given = [*standings, *[Due()] * (len(steps) - len(standings))]
    fields: dict[str, Any] = {
        "id": ADA,
        "as_of": START,
        "stale": False,
        "plan": PlanId("basic"),
        "paid": False,
        "earned": 0,
        "allowance": 40,
        "undocumented": 10,
        "complete": False,
        "completeness": 72.0,
        "steps": tuple(
            StepProgress(step=step.id, connects=step.connects, standing=standing)
            for step, standing in zip(steps, given, strict=True)
        ),
    }
    return Progress(**{**fields, **changes})


@pytest.mark.parametrize(
    ("standing", "line"),
    [
        (Done(START), "Done: Basic profile information (+10), 23 November 2026"),
        (Due((ItemId("tagline"),)), "To do: Basic profile information (+10)\nMissing:\n• tagline"),
        (Unknown(), "Not known: Basic profile information (+10)"),
        (NotNeeded(), "Not needed: Basic profile information."),
        (
            Blocked(START + timedelta(hours=2)),
            "Waiting: Basic profile information (+10)\nPossible again from 23 Nov 2026, 14:00",
        ),
    ],
)
def test_each_status_of_a_step_has_its_line(standing: Standing, line: str) -> None:
    assert line in words(progress_views.progress(a_progress(standing), policy()))


@pytest.mark.parametrize(
    ("earned", "bar"), [(0, "▱" * 10), (10, "▰▰▱▱▱▱▱▱▱▱"), (30, "▰▰▰▰▰▰▰▱▱▱"), (40, "▰" * 10)]
)
def test_the_bar_matches_the_number_in_the_text(earned: int, bar: str) -> None:
    shown = words(progress_views.progress(a_progress(earned=earned), policy()))

    assert shown.startswith(f"{earned} of 40 Connects a month\n{bar}\n")


@pytest.mark.parametrize("unknown", [{"earned": None}, {"allowance": None, "paid": True}])
def test_there_is_no_bar_for_an_unknown_number(unknown: dict[str, Any]) -> None:
    shown = words(progress_views.progress(a_progress(**unknown), policy()))

    assert "▱" not in shown


def test_unknown_connects_are_not_shown_as_zero() -> None:
    shown = words(progress_views.progress(a_progress(earned=None), policy()))

    assert shown.startswith("How many of the 40 Connects a month are open isn't known yet")


def test_a_plan_missing_from_the_policy_is_still_shown() -> None:
    shown = a_progress(plan=PlanId("gold"), paid=True)

    assert "Your plan opens" in words(progress_views.progress(shown, policy()))


def test_an_account_unknown_to_the_marketplace_is_said_to_be_unknown() -> None:
    reply = progress_views.reading(NotFound(), policy())

    assert words(reply).startswith("The marketplace doesn't know this account")
    assert labels(reply) == ["Talk to a person"]


def test_a_step_with_a_url_gets_a_link_button() -> None:
    reply = progress_views.progress(a_progress(), _with_url(policy()))

    assert buttons(reply)[0] == [
        {"text": "Open: Basic profile information", "url": "https://example.com/profile"},
        {
            "text": "How to: Basic profile information",
            "callback_data": "a:basic-profile-information",
        },
    ]


def _with_url(rules: Policy) -> Policy:
    first, *rest = rules.steps
    return replace(rules, steps=(replace(first, url="https://example.com/profile"), *rest))


def test_on_a_paid_plan_the_sum_is_not_explained() -> None:
    reply = progress_views.progress(a_progress(paid=True, plan=PlanId("individual")), policy())

    assert "Why 40?" not in labels(reply)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"earned": 20}, "Phone verification: done. +10 Connects a month: 20 of 40."),
        ({"earned": 40, "complete": True}, "All 40 Connects a month are open now."),
        ({"earned": None, "paid": False}, "Phone verification: done."),
        (
            {"earned": 0, "allowance": 80, "paid": True},
            "Phone verification: done. Your plan opens its Connects without it.",
        ),
        (
            {"earned": 80, "allowance": 80, "paid": True, "complete": True},
            "Phone verification: done. Your plan opens its Connects without it.",
        ),
    ],
)
def test_a_completed_step_notice_shows_only_known_numbers(
    changes: dict[str, Any], told: str
) -> None:
    reply = progress_views.step_opened(a_progress(**changes), ["phone"], policy())

    assert told in words(reply)


@pytest.mark.parametrize(
    ("allowance", "told"),
    [
        (80, "Basic profile information: done. All 80 Connects a month are open now."),
        (None, "Basic profile information: done. All the Connects of your plan are open now."),
    ],
)
def test_on_a_paid_plan_completing_its_only_step_opens_the_whole_allowance(
    allowance: int | None, told: str
) -> None:
    shown = a_progress(earned=allowance, allowance=allowance, paid=True, complete=True)

    assert words(progress_views.step_opened(shown, ["basic_profile"], policy())) == told


@pytest.mark.parametrize(
    ("done", "told"),
    [
        (1, "With all the steps done, the full 40 are open."),
        (2, "This last step opens the full 40."),
    ],
)
def test_the_last_step_notice_says_that_it_opens_more_than_listed(done: int, told: str) -> None:
    shown = a_progress(*[Done(START)] * done, earned=10 * done)

    assert told in words(progress_views.progress(shown, policy()))


@pytest.mark.parametrize(
    "changes",
    [
        {"earned": 40, "complete": True},
        {"earned": None},
        {"paid": True, "plan": PlanId("individual")},
        {"undocumented": 0},
    ],
    ids=["all done", "nothing known", "paid", "nothing undocumented"],
)
def test_without_such_a_difference_the_notice_says_nothing_about_it(
    changes: dict[str, Any],
) -> None:
    assert "the full" not in words(progress_views.progress(a_progress(**changes), policy()))


def test_several_completed_steps_are_announced_together() -> None:
    reply = progress_views.step_opened(a_progress(earned=20), ["basic_profile", "phone"], policy())

    assert words(reply) == (
        "Basic profile information, Phone verification: done. +20 Connects a month: 20 of 40."
    )


def test_missing_items_with_a_url_get_a_button() -> None:
    rules = policy()
    basic, *others = rules.steps
    assert isinstance(basic, ItemsStep)
    items = tuple(replace(item, url=f"https://example.com/{item.id}") for item in basic.items[:1])
    moved = replace(basic, items=(*items, *basic.items[1:]))
    shown = a_progress(Due((basic.items[0].id, basic.items[1].id)), Done(START), Done(START))

    reply = progress_views.progress(shown, replace(rules, steps=(moved, *others)))

    assert [{"text": "Open: profile photo", "url": "https://example.com/photo"}] in buttons(reply)
    assert "Open: tagline" not in labels(reply)
