"""`helpdesk verification` and `helpdesk explain verification`: by hand, and told again."""

import pytest

from bot.presentation.views.verification_history import RULES
from state.model.verification import Ending
from tests.bot.cli.terminal import ADA, PEPPERS, Terminal


@pytest.fixture
def desk(terminal: Terminal) -> Terminal:
    terminal.run("import", terminal.snapshots(ADA), peppers=PEPPERS, call_regions="GG")
    return terminal


SETTINGS = {"peppers": PEPPERS, "call_regions": "GG"}


def test_a_verification_set_by_staff_counts_and_keeps_its_reason(desk: Terminal) -> None:
    done = desk.run(
        "verification", "set", "f-1001", "--reason", "saw a bill", "--by", "eve", **SETTINGS
    )
    story = desk.run("explain", "verification", "f-1001", **SETTINGS)

    assert (done.code, done.out) == (0, "Verified by hand: f-1001, +44 … 56.\n")
    assert "verification.set +44 … 56 saw a bill  (staff:eve)" in story.out
    assert "    by hand, with a reason\n" in story.out
    assert "Now: verified since " in story.out
    assert story.out.endswith("Told again from these lines: the same.\n")


def test_a_verification_cleared_by_staff_is_open_again(desk: Terminal) -> None:
    desk.run("verification", "set", "f-1001", "--reason", "r", **SETTINGS)

    done = desk.run("verification", "clear", "f-1001", "--reason", "wrong one", **SETTINGS)
    story = desk.run("explain", "verification", "f-1001", "--json", **SETTINGS)

    assert done.out == (
        "Cleared: f-1001 is not verified any more. "
        "Wrong codes and calls of the last 24 hours still count.\n"
    )
    assert [line["kind"] for line in story.data["lines"]] == [
        "verification.set",
        "verification.cleared",
    ]
    assert story.data["now"] == "open, attempts left: 3."
    assert (story.data["tries_left"], story.data["locked_until"]) == (3, None)
    assert story.data["agrees"] is True


def test_a_number_verified_on_another_account_cannot_be_set(desk: Terminal) -> None:
    other = {**ADA, "id": "f-1002"}
    desk.run("import", desk.snapshots(other), **SETTINGS)
    desk.run("verification", "set", "f-1001", "--reason", "r", **SETTINGS)

    refused = desk.run("verification", "set", "f-1002", "--reason", "r", **SETTINGS)

    assert refused.code == 1
    assert refused.complaints == [
        "helpdesk: that number is verified for f-1001: clear that one first."
    ]


def test_an_account_without_a_number_cannot_be_set_verified(desk: Terminal) -> None:
    desk.run("import", desk.snapshots({**ADA, "id": "f-7", "phone": None}), **SETTINGS)

    refused = desk.run("verification", "set", "f-7", "--reason", "r", **SETTINGS)

    assert refused.complaints == ["helpdesk: f-7 has no number that can be verified."]


@pytest.mark.parametrize("what", ["set", "clear"])
@pytest.mark.parametrize(
    ("who", "reason", "complaint"),
    [
        ("f-0", "r", "no freelancer 'f-0' is known"),
        ("f-1001", "  ", "give the --reason in words"),
    ],
)
def test_a_decision_needs_a_freelancer_and_a_reason(
    desk: Terminal, what: str, who: str, reason: str, complaint: str
) -> None:
    refused = desk.run("verification", what, who, "--reason", reason, **SETTINGS)

    assert refused.code in {1, 2}
    assert complaint in refused.err


def test_without_peppers_no_decision_is_made(desk: Terminal) -> None:
    refused = desk.run("verification", "set", "f-1001", "--reason", "r")

    assert refused.code == 2
    assert "HELPDESK_PEPPERS is missing" in refused.err


def test_an_unknown_freelancer_has_no_history_to_explain(desk: Terminal) -> None:
    refused = desk.run("explain", "verification", "f-0", **SETTINGS)

    assert refused.code == 1
    assert "nothing is known of a verification of 'f-0'" in refused.err


def test_every_ending_of_a_call_has_an_explanation() -> None:
    assert [how for how in Ending if f"call.{how}" not in RULES] == []
