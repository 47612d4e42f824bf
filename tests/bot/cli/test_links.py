import re

import pytest

from tests.bot.cli.terminal import ME, REFUSED, TOKEN, Terminal, telegram

START = re.compile(r"/start ([A-Za-z0-9_-]{1,64})$", re.MULTILINE)
CODE = re.compile(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}$", re.MULTILINE)
UNTIL = re.compile(r"once, until \d\d \w+ \d{4}, \d\d:\d\d UTC\.$", re.MULTILINE)


def test_the_link_its_qr_code_the_command_and_the_code_are_printed(desk: Terminal) -> None:
    with telegram(ME) as url:
        ended = desk.run("link", "f-1001", token=TOKEN, telegram_api=url)

    start = START.search(ended.out)
    assert (ended.code, ended.err) == (0, "")
    assert start is not None
    assert ended.out.startswith(f"https://t.me/DeskBot?start={start[1]}\n")
    assert "▄" in ended.out
    assert CODE.search(ended.out)
    assert UNTIL.search(ended.out)


def test_without_a_bot_token_the_command_and_the_code_are_printed(desk: Terminal) -> None:
    ended = desk.run("link", "f-1001")

    assert ended.code == 0
    assert "t.me" not in ended.out
    assert START.search(ended.out)
    assert CODE.search(ended.out)
    assert UNTIL.search(ended.out)


@pytest.mark.parametrize("answer", [REFUSED, {"ok": False, "error_code": 502}])
def test_if_telegram_is_unreachable_the_link_is_left_out(
    desk: Terminal, answer: dict[str, object]
) -> None:
    with telegram(answer) as url:
        ended = desk.run("link", "f-1001", token=TOKEN, telegram_api=url)

    assert ended.code == 0
    assert "t.me" not in ended.out
    assert START.search(ended.out)
    assert TOKEN not in ended.out + ended.err


def test_each_link_is_new_and_stored_only_as_a_hash(desk: Terminal) -> None:
    said = [desk.run("link", "f-1001").out for _ in range(2)]

    secrets = [found for out in said for found in (*START.findall(out), *CODE.findall(out))]
    assert len(set(secrets)) == 4
    assert not any(secret in line for secret in secrets for line in desk.kept())
