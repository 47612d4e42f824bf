"""A browser of the staff without a screen: follows redirects, fills in forms, keeps cookies."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from state.model.staff import StaffId
from state.usecases.staff.sign_in import LinkOffered
from tests.support.chat import Scene

ADMIN, LEAD, AGENT = StaffId(501), StaffId(502), StaffId(503)
STRANGER = StaffId(599)
ADDRESS = "http://desk.test"
"""Where staff reach the pages; not https, or the test's client would keep its cookies back."""

_TAG = re.compile(r"<[^>]*>")
_CSRF = re.compile(r'"X-CSRF-Token": "([0-9a-f]{64})"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An answer, as far as tests ask for it."""

    status: int
    html: str
    headers: dict[str, str]

    @property
    def text(self) -> str:
        return " ".join(unescape(_TAG.sub(" ", self.html)).split())

    @property
    def csrf(self) -> str:
        found = _CSRF.search(unescape(self.html))
        return found[1] if found else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    scene: Scene

    async def open(self, path: str, **more: Any) -> Seen:
        return await self._ask("GET", path, **more)

    async def follow(self, path: str) -> Seen:
        """As `open`, and on to where it leads."""
        seen = await self.open(path)
        return await self.open(seen.headers["Location"]) if seen.status == 303 else seen

    async def send(self, path: str, *, origin: str | None = ADDRESS, **fields: str) -> Seen:
        """A form, with the token of whoever is signed in."""
        if "csrf" not in fields:
            fields["csrf"] = (await self.open("/staff/me")).csrf
        headers = {} if origin is None else {"Origin": origin}
        return await self._ask("POST", path, data=fields, headers=headers)

    async def script(self, path: str, **fields: str) -> Seen:
        """As the page's own script sends a form."""
        token = (await self.open("/staff/me")).csrf
        headers = {"Origin": ADDRESS, "HX-Request": "true", "X-CSRF-Token": token}
        return await self._ask("POST", path, data=fields, headers=headers)

    async def link(self, who: StaffId) -> str:
        """A link into the pages, as the bot or the terminal gives it."""
        desk = self.scene.parts.desk
        offered = await desk.database.transact(
            lambda unit: desk.use_cases(unit).offer_sign_in(who)
        )
        assert isinstance(offered, LinkOffered)
        return f"/staff/sign-in/{offered.token}"

    async def sign_in(self, who: StaffId) -> Seen:
        return await self.send(await self.link(who), csrf="")

    async def _ask(self, method: str, path: str, **more: Any) -> Seen:
        door = self.scene.door
        async with door.request(method, path, allow_redirects=False, **more) as answer:
            html = await answer.text()
            return Seen(status=answer.status, html=html, headers=dict(answer.headers))
