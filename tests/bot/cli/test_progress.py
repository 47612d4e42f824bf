import pytest

from tests.bot.cli.terminal import Terminal


def test_progress_is_printed_as_text(desk: Terminal) -> None:
    ended = desk.run("progress", "f-1001")

    assert (ended.code, ended.err) == (0, "")
    assert "of 40 Connects" in ended.out


def test_progress_as_json_has_the_published_fields(desk: Terminal) -> None:
    found = desk.run("progress", "f-1001", "--json").data

    assert list(found) == [
        *("id", "as_of", "stale", "plan", "earned", "allowance", "undocumented", "steps")
    ]
    assert (found["id"], found["as_of"], found["plan"]) == (
        *("f-1001", "2026-11-23T09:30:00Z", "basic"),
    )
    assert list(found["steps"][0]) == [
        *("id", "status", "connects", "missing", "done_at", "blocked_until")
    ]


def test_several_what_if_changes_are_combined_and_store_nothing(desk: Terminal) -> None:
    before = desk.kept()
    now = desk.run("progress", "f-1001", "--json").data
    then = desk.run(
        *("progress", "f-1001", "--what-if", "phone", "--what-if", "profile_80", "--json")
    ).data
    paid = desk.run("progress", "f-1001", "--what-if", "plan=individual", "--json").data

    assert then["earned"] == now["earned"] + 20
    assert paid["plan"] == "individual"
    assert desk.kept() == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("gold", "“gold” is neither a step (basic_profile, profile_80, phone) nor plan=<id>."),
        ("plan=gold", "“gold” is not a plan; the plans are basic, individual,"),
        ("", "“” is neither a step"),
    ],
)
def test_an_invalid_what_if_change_is_refused(desk: Terminal, change: str, said: str) -> None:
    ended = desk.run("progress", "f-1001", "--what-if", change, "--json")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"helpdesk: {said}")


@pytest.mark.parametrize("command", ["progress", "link"])
def test_an_unknown_freelancer_gives_exit_code_1(desk: Terminal, command: str) -> None:
    before = desk.kept()

    ended = desk.run(command, "f-9999")

    assert (ended.code, ended.out) == (1, "")
    assert ended.complaints == [
        "helpdesk: no freelancer 'f-9999' is known: import a snapshot first."
    ]
    assert desk.kept() == before
