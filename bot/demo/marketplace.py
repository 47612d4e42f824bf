"""Stand-in for the marketplace: pushes account snapshots to the bot and creates links."""

from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qs, quote, urlsplit

import aiohttp

from bot.demo.errors import DemoError, NotNowError
from bot.demo.people import Snapshot
from bot.demo.service import Service

TIMEOUT = aiohttp.ClientTimeout(total=10)
OK = range(200, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A single-use link into the chat."""

    payload: str
    """Argument of /start."""
    url: str
    code: str
    expires_at: str


class SampleMarketplace:
    """Client of the bot's marketplace API. Use as an async context manager."""

    def __init__(self, *, bot_url: str, token: str, service: Service) -> None:
        self.service = service
        self._bot_url = bot_url
        self._token = token
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        headers = {"Authorization": f"Bearer {self._token}"}
        self._session = aiohttp.ClientSession(timeout=TIMEOUT, headers=headers)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def report(self, snapshot: Snapshot) -> None:
        """Push a snapshot. DemoError if the bot refuses it."""
        self.service.accounts[snapshot["id"]] = snapshot
        address = f"/api/v1/freelancers/{quote(snapshot['id'], safe='')}"
        status, _ = await self._call("PUT", address, dict(snapshot))
        if status not in OK:
            raise DemoError(f"The bot refused the account {snapshot['id']} with {status}.")

    async def invite(self, person_id: str) -> Invitation:
        """Create a link for this person. NotNowError if the bot refuses."""
        address = f"/api/v1/freelancers/{quote(person_id, safe='')}/link"
        status, body = await self._call("POST", address)
        if status not in OK:
            raise NotNowError(f"The bot gave no link for {person_id} (it said {status}).")
        return Invitation(
            payload=parse_qs(urlsplit(body["url"]).query)["start"][0],
            url=body["url"],
            code=body["code"],
            expires_at=body["expires_at"],
        )

    async def _call(self, method: str, address: str, body: Any = None) -> tuple[int, Any]:
        if self._session is None:
            raise NotNowError("The bot is still starting.")
        url = self._bot_url + address
        try:
            async with self._session.request(method, url, json=body) as response:
                answered = await response.json() if response.status in OK and body is None else {}
                return response.status, answered
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise DemoError(f"The bot did not answer the marketplace: {error}") from error
