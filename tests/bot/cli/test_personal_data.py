"""`helpdesk export`, `forget` and `correct`."""

import json

import pytest

from tests.bot.cli.terminal import ADA, Terminal

NEWER = ADA | {"as_of": "2027-11-23T09:30:00Z", "completeness": 95.0}


def earned(desk: Terminal) -> int:
    return int(desk.run("progress", "f-1001", "--json").data["earned"])


def correct(desk: Terminal, step: str, what: str, *more: str) -> tuple[int, str, str]:
    ended = desk.run("correct", "f-1001", step, what, "--reason", "seen by Eve", *more)
    return ended.code, ended.out, ended.err


def test_export_prints_everything_known_as_json(desk: Terminal) -> None:
    found = desk.run("export", "f-1001").data

    assert (found["account"]["id"], found["chat"], found["questions"]) == ("f-1001", None, [])
    assert found["account"]["reading"]["display_name"] == "Ada"
    assert [one["number"] for one in found["account"]["numbers"]] == ["+447911123456"]


def test_a_forgotten_person_appears_nowhere_in_the_database_file(desk: Terminal) -> None:
    told = desk.run("forget", "f-1001")
    left = b"".join(file.read_bytes() for file in desk.folder.glob("helpdesk.db*"))

    assert told.code == 0
    assert told.out.startswith("Erased: f-1001.")
    assert [fact for fact in (b"f-1001", b"Ada", b"+447911123456") if fact in left] == []
    assert desk.run("export", "f-1001").code == 1


@pytest.mark.parametrize(
    "command",
    [
        ("export", "f-9"),
        ("forget", "f-9"),
        ("correct", "f-9", "phone", "--done", "--reason", "r"),
    ],
)
def test_an_unknown_freelancer_gives_exit_code_1(desk: Terminal, command: tuple[str, ...]) -> None:
    ended = desk.run(*command)

    assert (ended.code, ended.out) == (1, "")
    assert "no freelancer 'f-9' is known" in ended.err


def test_a_corrected_step_is_stored_with_the_reason(desk: Terminal) -> None:
    before = earned(desk)

    told = correct(desk, "profile_80", "--done", "--by", "eve")

    assert told == (0, "f-1001: profile_80 is now recorded as done.\n", "")
    assert earned(desk) == before + 10
    history = desk.run("export", "f-1001").data["account"]["history"]
    assert [(one["what"], one["by"], one["detail"]) for one in history] == [
        ("step.set", "staff", "profile_80: seen by Eve")
    ]


def test_a_revoked_step_needs_a_newer_snapshot(desk: Terminal) -> None:
    proved = ADA | {"as_of": "2026-11-23T10:30:00Z", "completeness": 95.0}
    desk.run("import", desk.snapshots(proved))
    with_it = earned(desk)

    correct(desk, "profile_80", "--undo")
    without = earned(desk)
    desk.run("import", desk.snapshots(NEWER))

    assert (with_it, without, earned(desk)) == (10, 0, 10)


def test_a_correction_without_effect_is_reported(desk: Terminal) -> None:
    correct(desk, "profile_80", "--done")
    again = correct(desk, "profile_80", "--done")
    correct(desk, "profile_80", "--undo")
    undone = correct(desk, "profile_80", "--undo")

    assert again[1] == "f-1001: profile_80 was already recorded as done.\n"
    assert undone[1] == "f-1001: profile_80 was already recorded as not done.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("gold", "--done", "--reason", "r"),
            "“gold” is not a step; the steps are basic_profile, profile_80, phone.",
        ),
        (("profile_80", "--done", "--reason", " "), "give the --reason in words"),
        (
            ("phone", "--undo", "--reason", "r"),
            "take phone back with `helpdesk verification clear f-1001`.",
        ),
        (("profile_80", "--reason", "r"), "Missing option '--done'"),
        (("profile_80", "--done"), "Missing option '--reason'"),
    ],
)
def test_an_impossible_correction_changes_nothing(
    desk: Terminal, arguments: tuple[str, ...], said: str
) -> None:
    before = desk.kept()

    ended = desk.run("correct", "f-1001", *arguments)

    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert desk.kept() == before


def test_the_export_is_machine_readable_in_any_locale(desk: Terminal) -> None:
    desk.run("import", desk.snapshots(NEWER | {"display_name": "Ādā"}))

    out = desk.run("export", "f-1001").out

    assert '"display_name": "Ādā"' in out
    assert json.loads(out)["account"]["reading"]["display_name"] == "Ādā"
