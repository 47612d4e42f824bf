"""`helpdesk link`: the ways into the bot that tie a chat to one freelancer."""

from collections.abc import Iterator
from io import StringIO

import segno

from bot.commands.accounts import offer_link
from bot.config import Settings
from bot.gateways.telegram import BotApi, TelegramError
from bot.links import deep_link
from state.usecases.offer_link import Offered


async def link_lines(settings: Settings, freelancer_id: str) -> list[str]:
    """The link, if the bot's name can be learnt; the command and the code in any case."""
    offered = await offer_link(settings, freelancer_id)
    username = await _username(settings)
    return [*_lines(offered, username)]


def _lines(offered: Offered, username: str | None) -> Iterator[str]:
    if username is None:
        yield "No link, since Telegram did not tell the bot's name (see helpdesk doctor)."
        yield f"Send the bot: /start {offered.token}"
    else:
        url = deep_link(username, offered.token)
        yield url
        yield _qr_code(url)
        yield f"Or send the bot: /start {offered.token}"
    yield f"Or type to it: {offered.code}"
    yield f"One of them works, once, until {offered.expires_at:%d %b %Y, %H:%M} UTC."


def _qr_code(text: str) -> str:
    drawn = StringIO()
    segno.make(text).terminal(drawn, compact=True)
    return drawn.getvalue()


async def _username(settings: Settings) -> str | None:
    if settings.token is None:
        return None
    key = settings.token.get_secret_value()
    try:
        async with BotApi(base_url=settings.telegram_api, token=key) as api:
            return str((await api.call("getMe"))["username"])
    except TelegramError:
        return None
