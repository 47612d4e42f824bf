import json
from typing import Any

import pytest

from tests.bot.cli.terminal import ADA, Terminal

GOOD: dict[str, Any] = {"as_of": "2026-11-23T09:30:00Z", "plan": "basic"}
CSV_HEAD = "id,as_of,plan,profile.photo,completeness\n"


def line(**fields: Any) -> bytes:
    return json.dumps({"id": "bad", **GOOD, **fields}).encode()


def test_json_lines_are_imported(terminal: Terminal) -> None:
    file = terminal.snapshots({"id": "a", **GOOD}, {"id": "b", **GOOD}, ADA)

    ended = terminal.run("import", file)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "3 taken, 0 not newer, 0 refused.\n"
    assert terminal.names() == ["a", "b", "f-1001"]


def test_a_csv_file_is_imported(terminal: Terminal) -> None:
    file = terminal.file(
        "a.CSV",
        "\ufeff"
        + CSV_HEAD
        + 'a,2026-11-23T09:30:00Z,basic,true,72\nb,2026-11-23T09:30:00Z,"basic",,\n',
    )

    assert terminal.run("import", file).code == 0
    assert terminal.names() == ["a", "b"]


def test_a_snapshot_that_is_not_newer_is_skipped_without_error(desk: Terminal) -> None:
    before = desk.kept()

    ended = desk.run("import", "accounts.ndjson")

    assert (ended.code, ended.out) == (0, "0 taken, 1 not newer, 0 refused.\n")
    assert desk.kept() == before


def test_valid_rows_are_imported_and_invalid_ones_reported_with_line_and_reason(
    terminal: Terminal,
) -> None:
    rows = [{"id": "a", **GOOD}, {"id": "b", **GOOD, "plan": "gold"}, {"id": "c", **GOOD}]
    file = terminal.snapshots(*rows)

    ended = terminal.run("import", file)

    assert (ended.code, ended.out) == (1, "2 taken, 0 not newer, 1 refused.\n")
    assert len(ended.complaints) == 1
    assert ended.err.startswith("helpdesk: accounts.ndjson, line 2: plan: 'gold' is none of basic")
    assert terminal.names() == ["a", "c"]


def test_an_atomic_import_with_an_invalid_row_imports_nothing(desk: Terminal) -> None:
    before = desk.kept()
    file = desk.snapshots({"id": "a", **GOOD}, {"id": "b"}, name="next.ndjson")

    ended = desk.run("import", file, "--atomic")

    assert (ended.code, ended.out) == (1, "Nothing was imported: 1 refused.\n")
    assert ended.complaints == ["helpdesk: next.ndjson, line 2: as_of: field required"]
    assert desk.kept() == before


def test_an_atomic_import_of_valid_rows_imports_all(terminal: Terminal) -> None:
    file = terminal.snapshots({"id": "a", **GOOD}, {"id": "b", **GOOD})

    assert terminal.run("import", file, "--atomic").code == 0
    assert terminal.names() == ["a", "b"]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"{", "not JSON: "),
        (b'{"id": "x", "completeness": 1e999, "as_of": 1}', "as_of: should be a moment like"),
        (b"[1, 2]", "a snapshot is a JSON object, and this is none"),
        (b"[" * 100_000, "not a snapshot: it is nested too deeply"),
        (b'{"id": "x", "display_name": "\xff"}', "not UTF-8 text"),
        (line(id=None), "id: input should be a valid string"),
        (line(id=7), "id: input should be a valid string"),
        (line(id="a b"), "id: string should match"),
        (line(id=".."), "id: should not be . or .., which no address can hold"),
        (line(badge=[[]] * 2 + [{"a": json.loads("[" * 40 + "]" * 40)}]), "a field is nested too"),
        (b'{"as_of": "2026-11-23T09:30:00Z", "plan": "basic"}', "id: field required"),
        (line(plan="gold"), "plan: 'gold' is none of"),
        (line(plan=None), "plan: input should be a valid string"),
        (line(profile={"photo": "yes"}), "profile.photo: input should be a valid boolean"),
        (line(profile={"interests": 1}), "profile.interests: input should be a valid boolean"),
        (line(profile=None), "profile: input should be a valid dictionary"),
        (line(completeness="72"), "completeness: input should be a valid number"),
        (line(completeness=float("nan")), "completeness: input should be"),
        (line(connects_balance=1.5), "connects_balance: input should be a valid integer"),
        (line(connects_balance=10**30), "connects_balance: input should be less than"),
        (line(as_of="2026-11-23T09:30:00"), "as_of: input should have timezone info"),
        (line(as_of="0001-01-01T00:00:00+23:00"), "as_of: is too far away"),
        (line(display_name="a\0b"), "display_name: should not hold the character NUL"),
        (line(badge=float("inf")), "a number is infinite or none at all"),
    ],
)
def test_each_kind_of_invalid_line_is_refused_and_the_rest_imported(
    terminal: Terminal, bad: bytes, reason: str
) -> None:
    good = json.dumps({"id": "after", **GOOD}).encode()
    file = terminal.file("rows.ndjson", bad + b"\n" + good + b"\n")

    ended = terminal.run("import", file)

    assert ended.code == 1
    assert len(ended.complaints) == 1
    assert ended.err.startswith(f"helpdesk: rows.ndjson, line 1: {reason}")
    assert terminal.names() == ["after"]


@pytest.mark.parametrize(
    ("head", "bad", "reason"),
    [
        (
            CSV_HEAD,
            "a,2026-11-23T09:30:00Z,basic,,,more",
            "the row has more cells than the header",
        ),
        (CSV_HEAD, "a,2026-11-23T09:30:00Z,basic,perhaps,", "profile.photo: input should be"),
        (CSV_HEAD, ".,2026-11-23T09:30:00Z,basic,,", "id: should not be . or .., which no"),
        (CSV_HEAD, "a", "as_of: should be a moment like"),
        (CSV_HEAD, ",2026-11-23T09:30:00Z,basic,,", "id: input should be a valid string"),
        (CSV_HEAD, f"a,2026-11-23T09:30:00Z,{'x' * 200_000},,", "not CSV: field larger than"),
        (CSV_HEAD, 'a,2026-11-23T09:30:00Z,"basic"x,,', "not CSV: ',' expected after"),
        (CSV_HEAD, 'a,2026-11-23T09:30:00Z,"basic,,', "not CSV: a quotation mark is never closed"),
        (
            CSV_HEAD.replace("completeness", "display_name"),
            'a,2026-11-23T09:30:00Z,basic,,"Ada\nb,2026-11-23T09:30:00Z,basic,,"',
            "display_name: has a line break in it; is a quotation mark never closed?",
        ),
    ],
)
def test_each_kind_of_invalid_cell_is_refused(
    terminal: Terminal, head: str, bad: str, reason: str
) -> None:
    before = terminal.kept()

    ended = terminal.run("import", terminal.file("rows.csv", f"{head}{bad}\n"))

    assert ended.code == 1
    assert len(ended.complaints) == 1
    assert ended.err.startswith(f"helpdesk: rows.csv, line 2: {reason}")
    assert terminal.kept() == before


def test_an_unclosed_quotation_mark_is_reported_with_the_rows_it_swallows(
    terminal: Terminal,
) -> None:
    moment = GOOD["as_of"]
    file = terminal.file(
        "rows.csv",
        "id,as_of,plan,display_name\n"
        f"a,{moment},basic,Ann\n"
        f'b,{moment},basic,"Ben\n'
        f"c,{moment},basic,Cem\n"
        f'd,{moment},basic,"Dan"\n'
        f'e,{moment},basic,"Eve\n'
        f"f,{moment},basic,Fay\n",
    )

    ended = terminal.run("import", file)

    assert (ended.code, ended.out) == (1, "1 taken, 0 not newer, 2 refused.\n")
    crossed, open_ended = ended.complaints
    assert crossed.startswith("helpdesk: rows.csv, line 3: not CSV: ',' expected after ")
    assert crossed.endswith("nothing of lines 3 to 5 was read")
    assert open_ended.startswith("helpdesk: rows.csv, line 6: not CSV: a quotation mark is never")
    assert open_ended.endswith("nothing of lines 6 to 7 was read")
    assert terminal.names() == ["a"]


ROW = f"a,{GOOD['as_of']},basic"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("id;as_of;plan\na;b;c", "the columns are separated by semicolons"),
        ("id\tas_of\tplan\na\tb\tc", "the columns are separated by tabs"),
        (f"sep=,\nid,as_of,plan\n{ROW}", "the first line should name the columns, and not say"),
        ('"sep=;"\nid;as_of;plan\na;b;c', "the first line should name the columns, and not say"),
        (f"id,as_of, plan,plan\n{ROW},gold", "the column plan is there twice"),
        (f'id,as_of,plan,"x\n{ROW}\n{ROW}', "not CSV: a quotation mark is never closed"),
        ("id,profile,profile.photo\na,x,true", "there is a column profile beside"),
        ("id,profile.photo,profile\na,true,x", "there are columns inside profile"),
        ("as_of,plan\n2026-11-23T09:30:00Z,basic", "there is no column id"),
        (f"{ROW}\n{ROW}", "there is no column id"),
    ],
)
def test_a_wrong_header_is_reported_once_and_nothing_is_imported(
    terminal: Terminal, content: str, reason: str
) -> None:
    before = terminal.kept()

    ended = terminal.run("import", terminal.file("rows.csv", f"{content}\n{ROW}\n"))

    assert (ended.code, ended.out) == (1, "")
    assert len(ended.complaints) == 1
    assert ended.err.startswith(f"helpdesk: rows.csv, line 1: {reason}")
    assert terminal.kept() == before


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["rows.csv", "rows.ndjson"])
def test_a_utf_16_file_is_reported_once(terminal: Terminal, name: str, encoding: str) -> None:
    content = f"id,as_of,plan\n{ROW}\n".encode(encoding)

    ended = terminal.run("import", terminal.file(name, content))

    assert (ended.code, ended.out) == (1, "")
    assert ended.complaints == [
        f"helpdesk: {name} is in UTF-16, and should be in UTF-8: save it as such."
    ]


@pytest.mark.parametrize(
    ("name", "content"), [("a.ndjson", ""), ("a.ndjson", "\n\n"), ("a.csv", CSV_HEAD)]
)
@pytest.mark.parametrize("more", [[], ["--atomic"]])
def test_a_file_without_rows_is_an_error(
    terminal: Terminal, name: str, content: str, more: list[str]
) -> None:
    ended = terminal.run("import", terminal.file(name, content), *more)

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == f"helpdesk: {name} holds no rows.\n"


def test_a_missing_file_is_a_usage_error_and_creates_no_database(bare: Terminal) -> None:
    ended = bare.run("import", "none.ndjson")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "helpdesk: none.ndjson can't be read: No such file or directory.\n"
    assert list(bare.folder.iterdir()) == []


def test_the_content_of_refused_rows_is_not_printed(terminal: Terminal) -> None:
    ended = terminal.run("import", terminal.snapshots({**ADA, "phone": ["+447911123456"]}))

    assert ended.code == 1
    assert "447911" not in ended.err


def test_more_rows_than_one_batch_are_imported(terminal: Terminal) -> None:
    file = terminal.snapshots(*({"id": f"f-{number:04}", **GOOD} for number in range(1100)))

    assert terminal.run("import", file).out == "1100 taken, 0 not newer, 0 refused.\n"
    assert len(terminal.names()) == 1100
