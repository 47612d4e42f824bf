"""All routes of the staff pages."""

from pathlib import Path

from aiohttp import web

from bot.gateways.telegram_login import TelegramLogin
from bot.presentation.templates import Templating
from bot.web.proxies import Proxies
from bot.web.staff import audit, figures
from bot.web.staff import members as me
from bot.web.staff.context import StaffContext
from bot.web.staff.drafting import DraftForms
from bot.web.staff.errors import not_found
from bot.web.staff.freelancers import FreelancerPages
from bot.web.staff.gaps import GapPages
from bot.web.staff.guard import StaffGuard
from bot.web.staff.live_events import EventStream
from bot.web.staff.members import MemberPages
from bot.web.staff.pages import Assets, see
from bot.web.staff.path_prefix import below
from bot.web.staff.session import Cookies, Visitor
from bot.web.staff.sign_in import SignInPages
from bot.web.staff.talk_actions import TalkActions
from bot.web.staff.talks import TalkPages
from state.ports import Dice

HOME = "/staff/talks"


def staff_routes(
    room: StaffContext,
    assets: Assets,
    *,
    templating: Templating,
    articles: Path,
    dice: Dice,
    login: TelegramLogin | None,
    proxies: Proxies,
) -> list[web.RouteDef]:
    """All routes of the staff pages; `articles` is the article folder."""
    guard = StaffGuard(room=room, cookies=Cookies(https=room.address.startswith("https:")))
    doors = SignInPages(room=room, guard=guard, dice=dice, login=login, proxies=proxies)
    live = EventStream(room=room, guard=guard)
    talks = TalkPages(room=room, guard=guard, live=live)
    writing = DraftForms(room=room, templating=templating, folder=articles)
    found = [
        web.get("/staff/assets/{hash}/{name}", guard.door(assets.give)),
        *doors.routes(),
        *live.routes(),
        *talks.routes(),
        *TalkActions(pages=talks).routes(),
        *FreelancerPages(room=room, guard=guard).routes(),
        *GapPages(room=room, guard=guard, writing=writing).routes(),
        *MemberPages(room=room, guard=guard).routes(),
        *figures.routes(room, guard),
        *audit.routes(room, guard),
        *me.routes(room, guard),
        web.get("/staff", guard.page(None, _home)),
        web.get("/staff/{rest:.*}", guard.page(None, _nothing)),
    ]
    return below(room.prefix, found)


async def _home(_: web.Request, __: Visitor) -> web.StreamResponse:
    return see(HOME)


async def _nothing(_: web.Request, __: Visitor) -> web.StreamResponse:
    raise not_found()
