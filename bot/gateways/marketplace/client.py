"""HTTP client that pulls one account from the marketplace, with retries and a circuit breaker."""

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

from bot.gateways.proxy import proxy_for
from bot.presentation.api_schema import BadSnapshotError, account_of, from_json_line
from bot.settings import Settings
from state.model.account import Account, FreelancerId, PlanId
from state.policy import Policy
from state.ports import Clock, NotReached, NotThere

LIMIT = 3
"""Consecutive failures that open the circuit."""
RETRY_AFTER = timedelta(seconds=30)


class CircuitBreaker:
    """Circuit breaker: after `limit` failures in a row, refuses requests for `retry_after`."""

    def __init__(
        self, clock: Clock, *, limit: int = LIMIT, retry_after: timedelta = RETRY_AFTER
    ) -> None:
        self._clock = clock
        self._limit = limit
        self._retry_after = retry_after
        self._failures = 0
        self._open_until: datetime | None = None

    def allows_request(self) -> bool:
        """Whether a request may be made; while open, one each `retry_after` may try."""
        if self._open_until is None:
            return True
        now = self._clock.now()
        if now < self._open_until:
            return False
        self._open_until = now + self._retry_after
        return True

    def succeeded(self) -> None:
        """Close the circuit and reset the count of failures."""
        self._failures, self._open_until = 0, None

    def failed(self) -> None:
        """Count a failure; open the circuit at the limit."""
        self._failures += 1
        if self._failures >= self._limit:
            self._open_until = self._clock.now() + self._retry_after


log = logging.getLogger(__name__)

# The library would print each retry to standard output; the client logs what comes of them.
stamina.instrumentation.set_on_retry_hooks(())

LARGEST_ANSWER = 1024 * 1024


class _Passing(Exception):  # noqa: N818 - a reason to try again, not an error yet
    """Temporary failure, worth a retry: no response, 429 or 5xx."""


class _Useless(Exception):  # noqa: N818 - as above
    """Permanent failure: a retry would get the same response."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTimeouts:
    """Time limits and retries of one pull, in seconds."""

    total: float = 8.0
    """Limit for all tries together."""
    per_try: float = 3.0
    """Limit for one try."""
    tries: int = 3
    pause: float = 0.2
    """Wait after the first try, doubled after each; up to as much again is added as jitter."""


class PlatformApi:
    """Implements the port `Marketplace` over HTTP. Use as an async context manager."""

    def __init__(
        self,
        *,
        base_url: str,
        token: str,
        plans: frozenset[PlanId],
        circuit: CircuitBreaker,
        patience: ReadTimeouts | None = None,
        proxy: str | None = None,
    ) -> None:
        self._base = f"{base_url}/freelancers/"
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        self._proxy = proxy
        self._plans = plans
        self._circuit = circuit
        self._patience = patience or ReadTimeouts()
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        patience = aiohttp.ClientTimeout(total=self._patience.per_try)
        self._session = aiohttp.ClientSession(
            headers=self._headers, timeout=patience, proxy=self._proxy
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session:
            await self._session.close()

    async def read(self, freelancer_id: FreelancerId) -> Account | NotThere | NotReached:
        """Pull an account. Failures are values (`NotReached` holds the reason), never raised."""
        if not self._circuit.allows_request():
            return NotReached("not asked, since it has failed time and again")
        try:
            async with asyncio.timeout(self._patience.total):
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
        raise AssertionError("the last attempt returns or raises")

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
    """A client from the settings; the caller has checked that URL and token are set."""
    return PlatformApi(
        base_url=settings.platform_url or "",
        token=settings.platform_token.get_secret_value() if settings.platform_token else "",
        plans=frozenset(plan.id for plan in policy.plans),
        circuit=CircuitBreaker(clock),
        proxy=proxy_for(settings.platform_url, settings) if settings.platform_url else None,
    )
