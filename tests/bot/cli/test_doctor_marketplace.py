"""What the doctor finds of the marketplace: who is asked, who is told, what was never told."""

import sqlite3
from contextlib import closing

import pytest

from tests.bot.cli.terminal import TOKEN, Terminal, telegram

SECRET = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ="


def test_without_settings_pulls_and_events_are_reported_as_off(terminal: Terminal) -> None:
    ended = terminal.run("doctor")

    assert "ok      accounts: as they are pushed, since HELPDESK_PLATFORM_URL" in ended.out
    assert "ok      events: off, since HELPDESK_EVENTS_URL is not set" in ended.out


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"platform_url": "http://127.0.0.1:9"}, "wrong   accounts can't be pulled: HELPDESK_PLA"),
        ({"events_url": "http://127.0.0.1:9"}, "wrong   events can't be signed: HELPDESK_EVENTS_"),
    ],
)
def test_an_incomplete_pair_of_settings_is_reported(
    terminal: Terminal, setting: dict[str, str], said: str
) -> None:
    assert said in terminal.run("doctor", **setting).out


def test_complete_event_settings_pass(terminal: Terminal) -> None:
    receiver = "https://m.example/hush/e?key=hush"
    ended = terminal.run("doctor", events_url=receiver, events_secret=SECRET)

    assert "ok      events: posted to https://m.example\n" in ended.out
    assert "hush" not in ended.out + ended.err
    assert SECRET not in ended.out


def test_a_marketplace_that_does_not_know_the_test_account_is_reachable(
    terminal: Terminal,
) -> None:
    with telegram({"ok": False, "error_code": 404}) as url:
        ended = terminal.run("doctor", platform_url=url, platform_token="hush")

    assert f"ok      accounts: pulled from {url}" in ended.out


def test_a_marketplace_that_refuses_the_token_is_reported(terminal: Terminal) -> None:
    with telegram({"ok": False, "error_code": 401}) as url:
        ended = terminal.run("doctor", platform_url=url, platform_token="hush")

    assert (
        f"wrong   accounts can't be pulled from {url}: it answered 401; is HELPDESK_" in ended.out
    )
    assert "hush" not in ended.out


@pytest.mark.parametrize(
    ("lost", "count"), [(("b",), "1 event was"), (("a", "b"), "2 events were")]
)
def test_undelivered_events_are_reported(
    terminal: Terminal, lost: tuple[str, ...], count: str
) -> None:
    terminal.run("db", "upgrade", token=TOKEN)
    with closing(sqlite3.connect(terminal.folder / "helpdesk.db")) as database, database:
        database.executemany(
            "INSERT INTO outbox (queue, lane, key, kind, due_at, state, tries, reason, done_at) "
            "VALUES ('events', ?, ?, 'tell_marketplace', 0, 'given_up', 80, ?, 1795435200000)",
            [(name, name, f"tried for 3 days: {name} said 500") for name in lost],
        )

    ended = terminal.run("doctor")

    assert ended.code == 1
    assert (
        f"wrong   {count} never taken by the marketplace, the last on 23 Nov 2026 "
        "(tried for 3 days: b said 500): mend its receiver"
    ) in ended.out
