"""`helpdesk progress` and `helpdesk link`: one account from the terminal."""

import json

import segno

from bot.commands.faults import CommandError, ExitCode
from bot.config import Settings
from bot.desk import Desk, load_templating, open_desk
from bot.gateways.telegram import BotApi, TelegramError
from bot.links import deep_link
from bot.markup import plain
from bot.progress_json import progress_json
from bot.views import progress as progress_view
from state.model.account import FreelancerId, Progress
from state.ports import UnitOfWork
from state.rules.progress import BadChange, what_if
from state.usecases.offer_link import Offered


async def read_progress(desk: Desk, freelancer_id: str, changes: list[str]) -> Progress:
    """Progress as it is, or as it would be after the changes; nothing is stored."""
    wanted = FreelancerId(freelancer_id)

    async def work(unit: UnitOfWork) -> Progress | BadChange | None:
        found = await desk.use_cases(unit).read_progress(wanted)
        if not isinstance(found, Progress) or not changes:
            return found if isinstance(found, Progress) else None
        return what_if(
            desk.policy,
            await unit.accounts.get(wanted),
            await unit.accounts.completions(wanted),
            changes,
            freelancer_id=wanted,
            now=desk.clock.now(),
        )

    found = await desk.database.transact(work)
    if found is None:
        raise CommandError(
            f"no freelancer '{freelancer_id}' is known: import a snapshot first.", ExitCode.FAULTS
        )
    if isinstance(found, BadChange):
        raise CommandError(found.sentence)
    return found


async def offer_link(desk: Desk, freelancer_id: str) -> Offered:
    wanted = FreelancerId(freelancer_id)

    async def work(unit: UnitOfWork) -> Offered | None:
        if await unit.accounts.get(wanted) is None:
            return None
        return await desk.use_cases(unit).offer_link(wanted)

    offered = await desk.database.transact(work)
    if offered is None:
        raise CommandError(
            f"no freelancer '{freelancer_id}' is known: import a snapshot first.", ExitCode.FAULTS
        )
    return offered


async def show_progress(
    settings: Settings, freelancer_id: str, changes: list[str], *, as_json: bool
) -> str:
    async with open_desk(settings) as desk:
        found = await read_progress(desk, freelancer_id, changes)
        if as_json:
            return json.dumps(progress_json(found), ensure_ascii=False)
        reply = progress_view.progress(found, desk.policy)
    templating = load_templating(settings)
    return plain(templating.message(reply.template, reply.context, templating.language()))


async def show_link(settings: Settings, freelancer_id: str) -> None:
    """Prints the link if the bot's name can be learnt, and always the command and the code."""
    async with open_desk(settings) as desk:
        offered = await offer_link(desk, freelancer_id)
    url = await _deep_link(settings, offered.token)
    if url is not None:
        print(url)  # noqa: T201 - a command line prints
        segno.make(url).terminal(compact=True)
    print(f"Or send the bot: /start {offered.token}")  # noqa: T201 - a command line prints
    print(f"Or type the code: {offered.code}")  # noqa: T201 - a command line prints
    until = offered.expires_at.strftime("%H:%M UTC")
    print(f"Works once, until {until}.")  # noqa: T201 - a command line prints


async def _deep_link(settings: Settings, token: str) -> str | None:
    if settings.token is None:
        return None
    key = settings.token.get_secret_value()
    try:
        async with BotApi(base_url=settings.telegram_api, token=key) as api:
            me = await api.call("getMe")
    except TelegramError:
        return None
    return deep_link(me["username"], token)
