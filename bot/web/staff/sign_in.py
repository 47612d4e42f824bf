"""Staff sign-in by Telegram Login or by a link from the bot, and sign-out."""

import logging
import math
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from aiohttp import web

from bot.gateways.telegram_login import Handshake, LoginRefusedError, TelegramLogin
from bot.rate_limit import Limit, RateLimiter
from bot.web.proxies import Proxies, group_of
from bot.web.staff.context import StaffContext
from bot.web.staff.errors import PageRefusal, forbidden
from bot.web.staff.guard import StaffGuard
from bot.web.staff.pages import see_other
from bot.web.staff.session import Visitor
from state.ports import Dice
from state.rules.staff_access import SignInProblem
from state.usecases.staff.sign_in import SignedIn, SignInRefused

log = logging.getLogger(__name__)

DOOR = "/staff/sign-in"
BACK_FROM_TELEGRAM = f"{DOOR}/telegram/back"
FAILURES: Final = Limit(10, 600)
MOST_CALLERS: Final = 10_000
_INSIDE = re.compile(r"/staff(/[A-Za-z0-9_./~-]*)?(\?[A-Za-z0-9_.~%&=+-]*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPages:
    """Routes of sign-in and sign-out."""

    staff_context: StaffContext
    guard: StaffGuard
    dice: Dice
    proxies: Proxies
    login: TelegramLogin | None
    """None: Telegram Login is not configured."""
    failures: RateLimiter[str] = field(
        default_factory=lambda: RateLimiter(FAILURES.seconds, most_keys=MOST_CALLERS)
    )
    """Failed sign-ins by client; in memory, as secrets are too long to be guessed anyway."""

    def routes(self) -> list[web.RouteDef]:
        public, page = self.guard.public_page, self.guard.page
        return [
            web.get(DOOR, public(self.show)),
            web.get(f"{DOOR}/telegram", public(self.go_to_telegram)),
            web.get(BACK_FROM_TELEGRAM, public(self.come_back)),
            web.get(f"{DOOR}/{{token}}", public(self.show_link)),
            web.post(f"{DOOR}/{{token}}", public(self.use_link)),
            web.post("/staff/sign-out", page(None, self.sign_out)),
            web.post("/staff/sign-out-everywhere", page(None, self.sign_out_everywhere)),
        ]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Sign-in page; signed-in visitors are redirected."""
        if await self.guard.visitor(request):
            return see_other(_inside(request.query.get("next")))
        context = {"telegram": self.login is not None, "next": request.query.get("next", "")}
        return self.staff_context.pages.page("staff/sign_in", context)

    async def go_to_telegram(self, request: web.Request) -> web.StreamResponse:
        """Redirect to Telegram Login."""
        handshake = Handshake(self.dice.link_token())
        next_ = _inside(request.query.get("next"))
        try:
            answer = see_other(await self._login().authorization_url(handshake))
        except LoginRefusedError as error:
            log.warning("Telegram Login can't be used: %s", error)
            raise PageRefusal(status=HTTPStatus.BAD_GATEWAY, why="login_away") from None
        self.guard.cookies.set_handshake(answer, f"{handshake.secret} {next_}")
        return answer

    async def come_back(self, request: web.Request) -> web.StreamResponse:
        """Complete a Telegram Login and start a session."""
        secret, _, next_ = request.cookies.get(self.guard.cookies.handshake, "").partition(" ")
        handshake = Handshake(secret)
        if not handshake.secret or not handshake.matches(request.query.get("state", "")):
            raise self._failed(request, "login_state")
        self._not_too_often(request)
        try:
            person = await self._login().user(request.query.get("code", ""), handshake)
        except LoginRefusedError as error:
            log.warning("a sign-in by Telegram was refused: %s", error)
            raise self._failed(request, "login_refused") from None
        outcome = await self.staff_context.run(
            lambda use: use.sign_in.by_telegram(person.id, person.name)
        )
        return self._let_in(request, outcome, next_)

    async def show_link(self, request: web.Request) -> web.StreamResponse:
        """Page of a sign-in link; opening it does not use it up, as link previews open it too."""
        token = request.match_info["token"]
        problem = await self.staff_context.read(lambda use: use.inspect_sign_in(token))
        if problem is not None:
            raise self._failed(request, f"link_{problem}")
        return self.staff_context.pages.page("staff/sign_in_link", {"token": token})

    async def use_link(self, request: web.Request) -> web.StreamResponse:
        """Use a sign-in link and start a session.

        Checked before, so that wrong links cost no write.
        """
        token = request.match_info["token"]
        problem = await self.staff_context.read(lambda use: use.inspect_sign_in(token))
        if problem is not None:
            raise self._failed(request, f"link_{problem}")
        outcome = await self.staff_context.run(lambda use: use.sign_in.by_link(token))
        return self._let_in(request, outcome)

    async def sign_out(self, _: web.Request, visitor: Visitor) -> web.StreamResponse:
        """End this session."""
        await self.staff_context.run(lambda use: use.end_session(visitor.visit))
        return self._out()

    async def sign_out_everywhere(self, _: web.Request, visitor: Visitor) -> web.StreamResponse:
        """End all sessions of this staff member."""
        mine = visitor.staff.id
        await self.staff_context.run(lambda use: use.end_session.everywhere(mine, by=mine))
        return self._out()

    def _out(self) -> web.Response:
        answer = see_other(DOOR)
        self.guard.cookies.delete(answer, self.guard.cookies.visit)
        return answer

    def _let_in(
        self, request: web.Request, outcome: SignedIn | SignInRefused, next_: str = ""
    ) -> web.StreamResponse:
        """Start a session with a new secret, which prevents session fixation."""
        if isinstance(outcome, SignInRefused):
            why = "login" if outcome.why is SignInProblem.NOT_STAFF else "link"
            raise self._failed(request, f"{why}_{outcome.why}")
        answer = see_other(_inside(next_))
        self.guard.cookies.delete(answer, self.guard.cookies.handshake)
        self.guard.cookies.set_visit(answer, outcome.secret)
        return answer

    def _login(self) -> TelegramLogin:
        if self.login is None:
            raise forbidden("login_off")
        return self.login

    def _not_too_often(self, request: web.Request) -> None:
        """Refuse clients with too many failures, before Telegram is asked.

        A trusted proxy that names no client is never limited.
        """
        caller = self.proxies.caller(request)
        rest = self.failures.wait_seconds(
            group_of(caller), FAILURES, self.staff_context.clock.now().timestamp()
        )
        if rest and not self.proxies.trusts(caller):
            raise _too_often(rest)

    def _failed(self, request: web.Request, why: str) -> PageRefusal:
        """Count the failure; the refusal is 429 above the limit, 403 otherwise.

        Successes are never limited.
        """
        caller = group_of(self.proxies.caller(request))
        now = self.staff_context.clock.now().timestamp()
        if rest := self.failures.wait_seconds(caller, FAILURES, now):
            return _too_often(rest)
        self.failures.add(caller, now)
        return forbidden(why)


def _too_often(seconds: float) -> PageRefusal:
    return PageRefusal(
        status=HTTPStatus.TOO_MANY_REQUESTS,
        why="too_often",
        headers={"Retry-After": str(math.ceil(seconds))},
    )


def _inside(address: str | None) -> str:
    """The URL path to continue at, if it is a staff page; otherwise the start page."""
    return address if address and _INSIDE.fullmatch(address) else "/staff"
