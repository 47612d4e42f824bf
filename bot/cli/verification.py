"""`helpdesk verification`: set, clear or release a verification by hand, with a reason."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.cli.accounts import unknown
from bot.cli.errors import CommandError, ExitCode
from bot.context import open_desk
from bot.settings import Settings, require
from state.model.account import FreelancerId
from state.ports import UnitOfWork
from state.usecases.registry import UseCases
from state.usecases.verification.by_hand import Bound, InUse, NotBound, SetByHand

T = TypeVar("T")
NO_REASON = "give the --reason in words: the audit trail keeps it."


async def set_verification(settings: Settings, freelancer_id: str, *, reason: str, by: str) -> str:
    """Mark the freelancer's current number as verified; returns the message to print.

    CommandError if there is no valid number, or another account holds it.
    """
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
    if isinstance(done, Bound):
        message = (
            f"{done.masked} was verified on an account that was erased, and is still kept for it: "
            "free it first, with `helpdesk verification release NUMBER --reason …`."
        )
        raise CommandError(message, ExitCode.FAULTS)
    message = f"{freelancer_id} has no number that can be verified."
    raise CommandError(message, ExitCode.FAULTS)


async def clear_verification(
    settings: Settings, freelancer_id: str, *, reason: str, by: str
) -> str:
    """Remove a freelancer's verification; returns the message to print."""
    wanted = FreelancerId(freelancer_id)
    await _decided(
        settings,
        wanted,
        reason,
        lambda use: use.clear_verification(wanted, reason=reason, actor=_actor(by)),
    )
    return (
        f"Cleared: {freelancer_id} is not verified any more. "
        "Wrong codes and calls of the last 24 hours still count."
    )


async def release_number(settings: Settings, number: str, *, reason: str, by: str) -> str:
    """Free a number still bound to an erased account; returns the message to print.

    CommandError if the number is invalid, not bound, or verified for a live account.
    """
    require(settings, "peppers")
    if not reason.strip():
        raise CommandError(NO_REASON)
    async with open_desk(settings) as desk:
        done = await desk.database.transact(
            lambda unit: desk.use_cases(unit).release_number(
                number, reason=reason, actor=_actor(by)
            )
        )
    if isinstance(done, SetByHand):
        return f"Released: {done.masked} can be verified on any account."
    if isinstance(done, InUse):
        message = f"that number is verified for {done.by}: clear that verification instead."
    elif isinstance(done, NotBound):
        message = "that number is not bound to any account."
    else:
        message = "that is not a number that can be verified; write it as +442071838750."
    raise CommandError(message, ExitCode.FAULTS)


async def _decided(
    settings: Settings,
    freelancer_id: FreelancerId,
    reason: str,
    decide: Callable[[UseCases], Awaitable[T]],
) -> T:
    require(settings, "peppers")
    if not reason.strip():
        raise CommandError(NO_REASON)
    async with open_desk(settings) as desk:

        async def work(unit: UnitOfWork) -> T:
            if await unit.accounts.get(freelancer_id) is None:
                raise unknown(freelancer_id)
            return await decide(desk.use_cases(unit))

        return await desk.database.transact(work)


def _actor(by: str) -> str:
    return f"staff:{by}"
