"""`helpdesk verification`: what staff decide about one freelancer's number, with a reason."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.commands.accounts import unknown
from bot.commands.faults import CommandError, ExitCode
from bot.config import Settings, require
from bot.desk import open_desk
from bot.use_cases import UseCases
from state.model.account import FreelancerId
from state.ports import UnitOfWork
from state.usecases.by_hand import InUse, SetByHand

T = TypeVar("T")


async def set_verification(settings: Settings, freelancer_id: str, *, reason: str, by: str) -> str:
    wanted = FreelancerId(freelancer_id)
    done = await _decided(
        settings,
        wanted,
        reason,
        lambda use: use.set_verification(wanted, reason=reason, actor=_actor(by)),
    )
    if isinstance(done, SetByHand):
        return f"Verified by hand: {freelancer_id}, {done.masked}."
    if isinstance(done, InUse):
        message = f"that number is verified for {done.by}: clear that one first."
        raise CommandError(message, ExitCode.FAULTS)
    message = f"{freelancer_id} has no number that can be verified."
    raise CommandError(message, ExitCode.FAULTS)


async def clear_verification(
    settings: Settings, freelancer_id: str, *, reason: str, by: str
) -> str:
    wanted = FreelancerId(freelancer_id)
    await _decided(
        settings,
        wanted,
        reason,
        lambda use: use.clear_verification(wanted, reason=reason, actor=_actor(by)),
    )
    return f"Cleared: {freelancer_id} can begin anew, with every attempt."


async def _decided(
    settings: Settings,
    freelancer_id: FreelancerId,
    reason: str,
    decide: Callable[[UseCases], Awaitable[T]],
) -> T:
    require(settings, "peppers")
    if not reason.strip():
        raise CommandError("give the --reason in words: the audit trail keeps it.")
    async with open_desk(settings) as desk:

        async def work(unit: UnitOfWork) -> T:
            if await unit.accounts.get(freelancer_id) is None:
                raise unknown(freelancer_id)
            return await decide(desk.use_cases(unit))

        return await desk.database.transact(work)


def _actor(by: str) -> str:
    return f"staff:{by}"
