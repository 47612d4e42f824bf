"""Posts events to the marketplace as Standard Webhooks: signed, with a stable message id."""

import base64
import hmac
import re
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Self

import aiohttp

from state.ports import Clock

PREFIX = "whsec_"
_SECONDS = re.compile("[0-9]{1,4}", re.ASCII)
"""Accepted Retry-After, up to 9,999 seconds; our own back-off replaces a longer one."""


@dataclass(frozen=True, slots=True)
class NotAccepted:
    """The receiver did not accept the event."""

    reason: str
    after: timedelta | None = None
    """Wait that the receiver asked for in Retry-After, if any."""


class WebhookSender:
    """HTTP client for one webhook receiver. Use as an async context manager."""

    def __init__(
        self,
        *,
        url: str,
        secret: str,
        clock: Clock,
        seconds: float = 15,
        proxy: str | None = None,
    ) -> None:
        self._url = url
        self._proxy = proxy
        self._key = base64.b64decode(secret.removeprefix(PREFIX))
        self._clock = clock
        self._patience = aiohttp.ClientTimeout(total=seconds)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=self._patience, proxy=self._proxy)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session:
            await self._session.close()

    async def post(self, message_id: str, body: bytes) -> NotAccepted | None:
        """Post a signed JSON body once; None if the receiver accepted it (2xx).

        `message_id` is the idempotency key: a repeated post keeps it.
        """
        if self._session is None:
            raise RuntimeError("EventPost is used outside its context")
        try:
            async with self._session.post(
                self._url,
                data=body,
                headers=self._headers(message_id, body),
                allow_redirects=False,
            ) as response:
                return _outcome(response)
        except (aiohttp.ClientError, TimeoutError) as error:
            return NotAccepted(f"no answer ({type(error).__name__})")

    def _headers(self, message_id: str, body: bytes) -> dict[str, str]:
        stamp = str(int(self._clock.now().timestamp()))
        signed = b".".join((message_id.encode(), stamp.encode(), body))
        signature = base64.b64encode(hmac.digest(self._key, signed, "sha256")).decode()
        return {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": stamp,
            "webhook-signature": f"v1,{signature}",
        }


def _outcome(response: aiohttp.ClientResponse) -> NotAccepted | None:
    if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    after = _SECONDS.fullmatch(response.headers.get("Retry-After", ""))
    pause = timedelta(seconds=int(after[0])) if after else None
    return NotAccepted(f"the receiver answered {response.status}", pause)
