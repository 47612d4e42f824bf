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
from bot.web.staff.pages import Assets, see_other
from bot.web.staff.path_prefix import with_prefix
from bot.web.staff.session import Cookies, Visitor
from bot.web.staff.sign_in import SignInPages
from bot.web.staff.talk_actions import TalkActions
from bot.web.staff.talks import TalkPages
from state.ports import Dice

HOME = "/staff/talks"


def staff_routes(
    staff_context: StaffContext,
    assets: Assets,
    *,
    templating: Templating,
    articles: Path,
    dice: Dice,
    login: TelegramLogin | None,
    proxies: Proxies,
) -> list[web.RouteDef]:
    """All routes of the staff pages; `articles` is the article folder."""
    guard = StaffGuard(
        staff_context=staff_context,
        cookies=Cookies(https=staff_context.address.startswith("https:")),
    )
    doors = SignInPages(
        staff_context=staff_context, guard=guard, dice=dice, login=login, proxies=proxies
    )
    live = EventStream(staff_context=staff_context, guard=guard)
    talks = TalkPages(staff_context=staff_context, guard=guard, live=live)
    writing = DraftForms(staff_context=staff_context, templating=templating, folder=articles)
    found = [
        web.get("/staff/assets/{hash}/{name}", guard.public_page(assets.serve)),
        *doors.routes(),
        *live.routes(),
        *talks.routes(),
        *TalkActions(pages=talks).routes(),
        *FreelancerPages(staff_context=staff_context, guard=guard).routes(),
        *GapPages(staff_context=staff_context, guard=guard, writing=writing).routes(),
        *MemberPages(staff_context=staff_context, guard=guard).routes(),
        *figures.routes(staff_context, guard),
        *audit.routes(staff_context, guard),
        *me.routes(staff_context, guard),
        web.get("/staff", guard.page(None, _home)),
        web.get("/staff/{rest:.*}", guard.page(None, _nothing)),
    ]
    return with_prefix(staff_context.prefix, found)


async def _home(_: web.Request, __: Visitor) -> web.StreamResponse:
    return see_other(HOME)


async def _nothing(_: web.Request, __: Visitor) -> web.StreamResponse:
    raise not_found()
