"""The marketplace's door: snapshots in, progress and links out."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar

from aiohttp import web

from bot.progress_json import iso, progress_json
from bot.snapshot import BadSnapshotError, account_of
from bot.use_cases import Provide, UseCases
from bot.web.auth import bearer
from bot.web.problem import problem
from state.model.account import FreelancerId, PlanId, Progress
from state.ports import Transact, UnitOfWork
from state.usecases.take_snapshot import Older

T = TypeVar("T")

_ROOT = "/api/v1/freelancers/{id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """The routes and what they need."""

    transact: Transact
    provide: Provide
    plans: frozenset[PlanId]
    link_url: Callable[[str], str]
    """The deep link that carries a token."""
    committed: Callable[[], None]

    def routes(self, tokens: Sequence[str]) -> list[web.RouteDef]:
        return [
            web.put(_ROOT, bearer(tokens, self.put_snapshot)),
            web.get(f"{_ROOT}/progress", bearer(tokens, self.get_progress)),
            web.post(f"{_ROOT}/link", bearer(tokens, self.post_link)),
        ]

    async def put_snapshot(self, request: web.Request) -> web.StreamResponse:
        try:
            data = json.loads(await request.read())
            account = account_of(data, plans=self.plans)
        except (ValueError, RecursionError):
            return problem(HTTPStatus.BAD_REQUEST, "The body is not JSON.")
        except BadSnapshotError as error:
            return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{error}.")
        if account.id != _freelancer(request):
            return problem(
                HTTPStatus.UNPROCESSABLE_ENTITY, "id: it differs from the id in the address."
            )
        taken = await self._run(lambda use: use.take_snapshot(account))
        applied = not isinstance(taken, Older)
        return web.json_response({"id": account.id, "applied": applied})

    async def get_progress(self, request: web.Request) -> web.StreamResponse:
        found = await self._run(lambda use: use.read_progress(_freelancer(request)))
        if not isinstance(found, Progress):
            return problem(HTTPStatus.NOT_FOUND, "No freelancer with this id is known.")
        return web.json_response(progress_json(found))

    async def post_link(self, request: web.Request) -> web.StreamResponse:
        offered = await self._run(lambda use: use.offer_link(_freelancer(request)))
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
            return await work(self.provide(unit))

        result = await self.transact(in_unit)
        self.committed()
        return result


def _freelancer(request: web.Request) -> FreelancerId:
    return FreelancerId(request.match_info["id"])
