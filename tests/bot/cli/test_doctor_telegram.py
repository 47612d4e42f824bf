"""What the doctor says of Telegram: where updates go, what waits, the staff group, the clock."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.cli.doctor.telegram import lines
from bot.settings import Settings, load_settings

ME = {"id": 42, "is_bot": True, "first_name": "D", "username": "DeskBot"}
FORUM = {"id": -1001, "type": "supergroup", "is_forum": True}
ADMIN = {"status": "administrator", "can_manage_topics": True}
GROUP = -1001
PUBLIC = "https://desk.example"
Found = dict[str, Any]


async def examined(
    *, late: timedelta = timedelta(0), settings: Found | None = None, **answers: Found | None
) -> list[str]:
    """By a Bot API with these results; None is a refusal, and so is a new id of the group."""
    known: dict[str, Found | None] = {"getMe": ME, "getWebhookInfo": {}, **answers}

    async def answer(request: web.Request) -> web.Response:
        result = known.get(request.match_info["method"])
        if result is None or "migrate_to_chat_id" in result:
            refusal = {"ok": False, "error_code": 400, "description": "no"}
            return web.json_response({**refusal, "parameters": result or {}})
        return web.json_response({"ok": True, "result": result})

    app = web.Application()
    app.router.add_post("/bot42:test/{method}", answer)
    async with TestServer(app) as server:
        found = _settings(f"http://127.0.0.1:{server.port}", settings or {})
        return [line async for line in lines(found, datetime.now(UTC) + late)]


def _settings(api: str, more: Found) -> Settings:
    return load_settings(_env_file=None, token="42:test", telegram_api=api, **more)


def seconds_ago(seconds: int) -> int:
    return int(datetime.now(UTC).timestamp()) - seconds


async def test_a_complete_setup_passes_every_check() -> None:
    found = await examined()

    assert found == [
        "ok      updates: polled, 0 wait at Telegram",
        "ok      clock: as Telegram's",
        "ok      Telegram: this is @DeskBot",
    ]


@pytest.mark.parametrize(
    ("info", "said"),
    [
        ({"pending_update_count": 3}, "ok      updates: polled, 3 wait at Telegram"),
        ({"pending_update_count": 101}, "wrong   101 updates wait at Telegram: is helpdesk run"),
        ({"url": "https://old.example/x"}, "wrong   updates go to another address: helpdesk run"),
    ],
)
async def test_the_state_of_polling_is_reported(info: Found, said: str) -> None:
    found = await examined(getWebhookInfo=info)

    assert found[0].startswith(said)


@pytest.mark.parametrize(
    ("info", "said"),
    [
        (dict, "ok      updates: pushed, once helpdesk run has told Telegram where to"),
        (lambda: {"url": f"{PUBLIC}/telegram"}, "ok      updates: pushed, 0 wait at Telegram"),
        (
            lambda: {
                "url": f"{PUBLIC}/telegram",
                "last_error_date": seconds_ago(60),
                "last_error_message": "SSL error",
            },
            "wrong   Telegram could not bring updates at ",
        ),
        (
            lambda: {"url": f"{PUBLIC}/telegram", "last_error_date": seconds_ago(7200)},
            "ok      updates: pushed, 0 wait at Telegram",
        ),
    ],
)
async def test_the_state_of_the_webhook_is_reported(info: Callable[[], Found], said: str) -> None:
    found = await examined(settings={"public_url": PUBLIC}, getWebhookInfo=info())

    assert found[0].startswith(said)


@pytest.mark.parametrize(
    ("chat", "member", "said"),
    [
        (FORUM, ADMIN, "ok      staff group: the bot may manage topics there"),
        (None, ADMIN, "wrong   staff group: the bot is not in it"),
        (
            {"migrate_to_chat_id": -1009},
            ADMIN,
            "wrong   staff group: it is a supergroup now, and has another id",
        ),
        ({"is_forum": False}, ADMIN, "wrong   staff group: it has no topics"),
        (FORUM, {"status": "member"}, "wrong   staff group: the bot is no administrator"),
        (FORUM, {"status": "administrator"}, "wrong   staff group: the bot may not manage topics"),
        (FORUM, {"status": "creator"}, "ok      staff group: the bot may manage topics there"),
    ],
)
async def test_the_bots_rights_in_the_staff_group_are_reported(
    chat: Found | None, member: Found, said: str
) -> None:
    staff = {"staff_chat_id": GROUP}

    found = await examined(settings=staff, getChat=chat, getChatMember=member)

    assert found[1].startswith(said)


async def test_a_wrong_machine_clock_is_reported() -> None:
    found = await examined(late=timedelta(minutes=2))

    assert found[1].startswith("wrong   clock: +1")
    assert found[1].endswith("s off Telegram's; let the machine keep time by NTP")
