"""REST API for the marketplace: push snapshots, read progress, create links, erase."""

import hashlib
import hmac
import json
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.presentation.api_schema import (
    BadSnapshotError,
    account_of,
    is_possible_id,
    iso,
    progress_json,
    snapshot_of,
)
from bot.rate_limit import Limit, RateLimiter
from bot.web import openapi
from bot.web.body import body_of
from bot.web.problem import problem
from state.model.account import FreelancerId, PlanId, Progress
from state.ports import Clock, Transact, UnitOfWork
from state.usecases.registry import MakeUseCases, UseCases
from state.usecases.snapshots.take import Older

_SCHEME = "bearer "


class BearerAuth:
    """Authentication by bearer token, with a rate limit per token."""

    def __init__(self, tokens: Sequence[str], *, rate: int, clock: Clock) -> None:
        """`rate`: requests per second and token."""
        self._tokens = [_digest(token) for token in tokens]
        self._limit = Limit(rate, 1)
        self._asked = RateLimiter[bytes](self._limit.seconds)
        self._clock = clock

    def __call__(self, handler: Handler) -> Handler:
        """Wrap a handler: 401 for a missing or wrong token, 429 above the rate."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            token = self._token(request.headers.get("Authorization", ""))
            if token is None:
                return _unknown()
            now = self._clock.now().timestamp()
            rest = self._asked.wait_seconds(token, self._limit, now)
            if rest:
                return _too_fast(rest)
            self._asked.add(token, now)
            return await handler(request)

        return guarded

    def _token(self, header: str) -> bytes | None:
        """The digest of the given token; None if it is unknown.

        Compares with every known token in constant time, so that timing reveals nothing.
        """
        given = _digest(header[len(_SCHEME) :])
        matches = [known for known in self._tokens if hmac.compare_digest(given, known)]
        return matches[0] if matches and header[: len(_SCHEME)].lower() == _SCHEME else None


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()


def _unknown() -> web.Response:
    return problem(
        HTTPStatus.UNAUTHORIZED,
        "Send one of the API tokens as a bearer token.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def _too_fast(seconds: float) -> web.Response:
    return problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        "This token asks too often: wait as long as Retry-After says.",
        headers={"Retry-After": str(max(1, math.ceil(seconds)))},
    )


T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """Routes of the marketplace API."""

    transact: Transact
    make_use_cases: MakeUseCases
    plans: frozenset[PlanId]
    link_url: Callable[[str], str]
    """Deep link for a token."""
    wake_outbox: Callable[[], None]

    def routes(self, guard: BearerAuth) -> list[web.RouteDef]:
        one = openapi.ONE
        return [
            web.put(one, guard(self.put_snapshot)),
            web.get(one, guard(self.get_snapshot)),
            web.delete(one, guard(self.delete)),
            web.get(f"{one}/progress", guard(self.get_progress)),
            web.post(f"{one}/link", guard(self.post_link)),
            web.get(openapi.PATH, _always(openapi.document(self.plans))),
        ]

    async def put_snapshot(self, request: web.Request) -> web.StreamResponse:
        """Store a snapshot; `applied` is false if a newer one is stored already."""
        wanted = _freelancer(request)
        if not _is_json(request):
            return problem(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the snapshot as application/json."
            )
        try:
            data = json.loads(await body_of(request))
            account = account_of(data, plans=self.plans)
        except (ValueError, RecursionError):
            return problem(HTTPStatus.BAD_REQUEST, "The body is not JSON.")
        except BadSnapshotError as error:
            return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{error}.")
        if account.id != wanted:
            return problem(
                HTTPStatus.UNPROCESSABLE_ENTITY, "id: it differs from the id in the address."
            )
        taken = await self._run(lambda use: use.take_snapshot(account))
        applied = not isinstance(taken, Older)
        return web.json_response({"id": account.id, "applied": applied})

    async def get_snapshot(self, request: web.Request) -> web.StreamResponse:
        """The stored snapshot; 404 if there is none."""
        wanted = _freelancer(request)
        account = await self._run(lambda use: use.unit.accounts.get(wanted))
        if account is None:
            return problem(HTTPStatus.NOT_FOUND, "No snapshot with this id is held.")
        return web.json_response(snapshot_of(account))

    async def delete(self, request: web.Request) -> web.StreamResponse:
        """Erase a freelancer's data; 204 as well if there is none (idempotent)."""
        wanted = _freelancer(request)
        await self._run(lambda use: use.forget_freelancer(wanted))
        return web.Response(status=HTTPStatus.NO_CONTENT)

    async def get_progress(self, request: web.Request) -> web.StreamResponse:
        """The freelancer's Connects progress; 404 if they are unknown."""
        wanted = _freelancer(request)
        found = await self._run(lambda use: use.read_progress(wanted))
        if not isinstance(found, Progress):
            return problem(HTTPStatus.NOT_FOUND, "No freelancer with this id is known.")
        return web.json_response(progress_json(found))

    async def post_link(self, request: web.Request) -> web.StreamResponse:
        """Create a single-use link for the freelancer; 201."""
        wanted = _freelancer(request)
        offered = await self._run(lambda use: use.offer_link(wanted))
        return web.json_response(
            {
                "url": self.link_url(offered.token),
                "code": offered.code,
                "expires_at": iso(offered.expires_at),
            },
            status=HTTPStatus.CREATED,
        )

    async def _run(self, work: Callable[[UseCases], Awaitable[T]]) -> T:
        async def in_unit(unit: UnitOfWork) -> T:
            return await work(self.make_use_cases(unit))

        result = await self.transact(in_unit)
        self.wake_outbox()
        return result


def _always(document: openapi.JsonObject) -> Handler:
    """A handler of a constant document, without authentication."""

    async def get_document(_: web.Request) -> web.StreamResponse:
        return web.json_response(document)

    return get_document


def _freelancer(request: web.Request) -> FreelancerId:
    """The id in the URL; 404 if it can't be a valid one."""
    wanted = request.match_info["id"]
    if not is_possible_id(wanted):
        raise web.HTTPNotFound(reason="No freelancer can have this id")
    return FreelancerId(wanted)


def _is_json(request: web.Request) -> bool:
    """Whether the body is JSON by its Content-Type; a missing one counts as JSON."""
    kind = request.content_type
    return "Content-Type" not in request.headers or kind == "application/json"
