"""The marketplace's own service: one account, asked for within seconds or not at all."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Self
from urllib.parse import quote

import aiohttp
import stamina
from yarl import URL

from bot.presentation.api_schema import BadSnapshotError, account_of, from_json_line
from bot.settings import Settings
from state.model.account import Account, FreelancerId, PlanId
from state.policy import Policy
from state.ports import Clock, NotReached, NotThere

LIMIT = 3
"""Failures in a row that open it."""
REST = timedelta(seconds=30)


class Circuit:
    def __init__(self, clock: Clock, *, limit: int = LIMIT, rest: timedelta = REST) -> None:
        self._clock = clock
        self._limit = limit
        self._rest = rest
        self._failures = 0
        self._shut_until: datetime | None = None

    def lets_through(self) -> bool:
        """Once it has opened: only one, after each rest, to see."""
        if self._shut_until is None:
            return True
        now = self._clock.now()
        if now < self._shut_until:
            return False
        self._shut_until = now + self._rest
        return True

    def succeeded(self) -> None:
        self._failures, self._shut_until = 0, None

    def failed(self) -> None:
        self._failures += 1
        if self._failures >= self._limit:
            self._shut_until = self._clock.now() + self._rest


log = logging.getLogger(__name__)

LARGEST_ANSWER = 1024 * 1024


class _Passing(Exception):  # noqa: N818 - a reason to try again, not an error yet
    """It may go better at once: no answer, or one that blames the service."""


class _Useless(Exception):  # noqa: N818 - as above
    """The same question would get the same answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTimeouts:
    """Seconds."""

    whole: float = 8.0
    """All tries together."""
    one: float = 3.0
    tries: int = 3
    pause: float = 0.2
    """After the first try; it doubles, give or take as much by chance."""


class PlatformApi:
    """Fills the port `Marketplace`. Use as an async context manager."""

    def __init__(
        self,
        *,
        base_url: str,
        token: str,
        plans: frozenset[PlanId],
        circuit: Circuit,
        patience: ReadTimeouts | None = None,
    ) -> None:
        self._base = f"{base_url}/freelancers/"
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        self._plans = plans
        self._circuit = circuit
        self._patience = patience or ReadTimeouts()
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        patience = aiohttp.ClientTimeout(total=self._patience.one)
        self._session = aiohttp.ClientSession(headers=self._headers, timeout=patience)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session:
            await self._session.close()

    async def read(self, freelancer_id: FreelancerId) -> Account | NotThere | NotReached:
        if not self._circuit.lets_through():
            return NotReached("not asked, since it has failed time and again")
        try:
            async with asyncio.timeout(self._patience.whole):
                found = await self._tried(freelancer_id)
        except (_Passing, _Useless, TimeoutError) as error:
            self._circuit.failed()
            reason = str(error) or "no answer in time"
            log.warning("the marketplace's service gave no account: %s", reason)
            return NotReached(reason)
        self._circuit.succeeded()
        return found

    async def _tried(self, freelancer_id: FreelancerId) -> Account | NotThere:
        tries = stamina.retry_context(
            on=_Passing,
            attempts=self._patience.tries,
            timeout=None,
            wait_initial=self._patience.pause,
            wait_jitter=self._patience.pause,
        )
        async for attempt in tries:
            with attempt:
                return await self._once(freelancer_id)
        raise AssertionError("the last try returns or raises")

    async def _once(self, freelancer_id: FreelancerId) -> Account | NotThere:
        if self._session is None:
            raise RuntimeError("PlatformApi is used outside its context")
        url = URL(self._base + quote(freelancer_id, safe=""), encoded=True)
        try:
            async with self._session.get(url, allow_redirects=False) as response:
                status, body = response.status, await _body(response)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _Passing(type(error).__name__) from None
        if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
            return NotThere()
        if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _Passing(f"it answered {status}")
        if status != HTTPStatus.OK:
            raise _Useless(f"it answered {status}")
        return self._account(body, freelancer_id)

    def _account(self, body: bytes, freelancer_id: FreelancerId) -> Account:
        try:
            account = account_of(from_json_line(body.decode()), plans=self._plans)
        except (BadSnapshotError, UnicodeDecodeError) as error:
            raise _Useless(f"no snapshot: {error}") from None
        if account.id != freelancer_id:
            raise _Useless("the snapshot of somebody else")
        return account


async def _body(response: aiohttp.ClientResponse) -> bytes:
    body = b""
    async for part in response.content.iter_chunked(2**16):
        body += part
        if len(body) > LARGEST_ANSWER:
            raise _Useless("an endless answer")
    return body


def platform_api(settings: Settings, policy: Policy, clock: Clock) -> PlatformApi:
    """As the settings name it; whether they do is for the caller to know."""
    return PlatformApi(
        base_url=settings.platform_url or "",
        token=settings.platform_token.get_secret_value() if settings.platform_token else "",
        plans=frozenset(plan.id for plan in policy.plans),
        circuit=Circuit(clock),
    )
