"""Doctor checks of Telegram: token, delivery of updates, staff group, clock."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot.gateways.proxy import proxy_for
from bot.gateways.telegram.client import (
    BotApi,
    MovedError,
    RefusedError,
    RefusedTokenError,
    TelegramError,
)
from bot.settings import Settings

MANY = 100
"""Pending updates above which the bot seems not to be running."""
FRESH = timedelta(hours=1)
"""A delivery error that Telegram reports counts only if it is newer than this."""
OFF = timedelta(seconds=30)
"""Clock difference that counts as a fault: signatures fail and displayed times are wrong."""


async def lines(settings: Settings, now: datetime) -> AsyncIterator[str]:
    """One line per check; only one if Telegram can't be reached."""
    token = settings.token.get_secret_value() if settings.token else ""
    try:
        proxy = proxy_for(settings.telegram_api, settings)
        async with BotApi(base_url=settings.telegram_api, token=token, proxy=proxy) as api:
            me = await api.call("getMe")
            yield _updates(await api.call("getWebhookInfo"), settings, now)
            if settings.staff_chat_id is not None:
                yield await _staff(api, settings.staff_chat_id, int(me["id"]))
        yield await _clock(settings.telegram_api, now, proxy)
        yield f"ok      Telegram: this is @{me['username']}"
    except (RefusedTokenError, RefusedError):
        yield "wrong   Telegram refuses HELPDESK_TOKEN: copy it again from @BotFather"
    except TelegramError as error:
        yield f"wrong   Telegram can't be reached at {settings.telegram_api}: {error}"


def _updates(info: Mapping[str, Any], settings: Settings, now: datetime) -> str:
    url, waiting = info.get("url") or "", int(info.get("pending_update_count") or 0)
    wanted = f"{settings.public_url}/telegram" if settings.public_url else ""
    if url and url != wanted:
        return "wrong   updates go to another address: helpdesk run changes that, at its start"
    at = datetime.fromtimestamp(int(info.get("last_error_date") or 0), UTC)
    if url and now - at < FRESH:
        reason = info.get("last_error_message", "no reason given")
        return (
            f"wrong   Telegram could not bring updates at {at:%H:%M} UTC ({reason}): does "
            "HELPDESK_PUBLIC_URL lead here, by a certificate that it trusts?"
        )
    if waiting > MANY:
        return f"wrong   {waiting} updates wait at Telegram: is helpdesk run running?"
    if wanted and not url:
        return "ok      updates: pushed, once helpdesk run has told Telegram where to"
    return f"ok      updates: {'pushed' if url else 'polled'}, {waiting} wait at Telegram"


async def _staff(api: BotApi, group: int, me: int) -> str:
    try:
        chat = await api.call("getChat", chat_id=group)
        member = await api.call("getChatMember", chat_id=group, user_id=me)
    except MovedError as error:
        return (
            "wrong   staff group: it is a supergroup now, and has another id; "
            f"set HELPDESK_STAFF_CHAT_ID to {error.chat_id}"
        )
    except RefusedError:
        return "wrong   staff group: the bot is not in it, or HELPDESK_STAFF_CHAT_ID is another's"
    if not chat.get("is_forum"):
        return "wrong   staff group: it has no topics; switch them on in the group's settings"
    if member.get("status") not in {"administrator", "creator"}:
        return "wrong   staff group: the bot is no administrator there; make it one"
    if member.get("status") == "administrator" and not member.get("can_manage_topics"):
        return "wrong   staff group: the bot may not manage topics; give it that right"
    return "ok      staff group: the bot may manage topics there"


async def _clock(url: str, now: datetime, proxy: str | None) -> str:
    """Compare our clock with the Date header of any response."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10), proxy=proxy) as http,
            http.get(url, allow_redirects=False) as answer,
        ):
            theirs = parsedate_to_datetime(answer.headers.get("Date", "")).astimezone(UTC)
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return "ok      clock: there is nothing to compare it with"
    if abs(theirs - now) > OFF:
        seconds = (now - theirs).total_seconds()
        return f"wrong   clock: {seconds:+.0f} s off Telegram's; let the machine keep time by NTP"
    return "ok      clock: as Telegram's"
