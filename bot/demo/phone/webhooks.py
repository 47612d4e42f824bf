"""Client that posts the provider's signed webhooks to the bot."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urldefrag, urlencode
from uuid import uuid4

import aiohttp
from yarl import URL

from bot.demo.phone.signature import sign

TIMEOUT = aiohttp.ClientTimeout(total=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The bot's response."""

    status: int
    content_type: str
    text: str


class BotUnreachableError(Exception):
    """The bot did not respond."""


class Webhooks:
    """HTTP client. Use as an async context manager."""

    def __init__(self, *, auth_token: str) -> None:
        self._auth_token = auth_token
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=TIMEOUT)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def send(self, url: str, method: str, parameters: Mapping[str, str]) -> Answered:
        """Send a signed webhook. BotUnreachableError if there is no response."""
        if self._session is None:
            raise BotUnreachableError("the provider is not running")
        address, _ = urldefrag(url)
        if method == "GET":
            address += ("&" if "?" in address else "?") + urlencode(parameters)
            parameters = {}
        headers = {
            "X-Twilio-Signature": sign(self._auth_token, address, parameters.items()),
            "I-Twilio-Idempotency-Token": str(uuid4()),
            "User-Agent": "TwilioProxy/1.1",
        }
        body = dict(parameters) if method == "POST" else None
        # Not re-encoded, since the URL is part of the signature.
        target = URL(address, encoded=True)
        try:
            async with self._session.request(
                method, target, data=body, headers=headers, allow_redirects=False
            ) as response:
                return Answered(
                    status=response.status,
                    content_type=response.content_type,
                    text=await response.text(errors="replace"),
                )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise BotUnreachableError(str(error) or type(error).__name__) from error
