"""`helpdesk link` and `helpdesk staff link`: single-use sign-in links."""

from collections.abc import Iterator
from io import StringIO

import segno

from bot.cli.accounts import offer_link
from bot.cli.errors import CommandError, ExitCode
from bot.context import open_desk
from bot.gateways.proxy import proxy_for
from bot.gateways.telegram.client import BotApi, TelegramError
from bot.presentation.links import deep_link, sign_in_link
from bot.settings import Settings, require
from state.model.staff import StaffId
from state.usecases.linking.offer_link import Offered
from state.usecases.staff.sign_in import NotStaff


async def link_lines(settings: Settings, freelancer_id: str) -> list[str]:
    """Deep link with QR code, /start command and short code, each tying a chat to the freelancer.

    Without the link if Telegram doesn't tell the bot's username.
    """
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
        proxy = proxy_for(settings.telegram_api, settings)
        async with BotApi(base_url=settings.telegram_api, token=key, proxy=proxy) as api:
            return str((await api.call("getMe"))["username"])
    except TelegramError:
        return None


async def staff_link(settings: Settings, telegram_id: int) -> str:
    """Single-use sign-in link to the staff pages; CommandError if the id is not staff."""
    if settings.staff_address is None:
        require(settings, "staff_url")
    async with open_desk(settings) as desk:
        offered = await desk.database.transact(
            lambda unit: desk.use_cases(unit).offer_sign_in(StaffId(telegram_id))
        )
    if isinstance(offered, NotStaff):
        how = f"add them to HELPDESK_STAFF, like {telegram_id}:agent"
        raise CommandError(f"{telegram_id} is not staff: {how}.", ExitCode.FAULTS)
    return sign_in_link(settings.staff_address or "", offered.token)
