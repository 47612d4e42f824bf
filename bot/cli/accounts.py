"""Account look-ups shared by `helpdesk progress` and `helpdesk link`."""

from collections.abc import Sequence

from bot.cli.errors import CommandError, ExitCode
from bot.context import Desk, open_desk
from bot.settings import Settings
from state.model.account import FreelancerId, Progress
from state.policy import Policy
from state.ports import ReadUnit, UnitOfWork
from state.rules.progress import BadChange
from state.usecases.linking.offer_link import Offered


def unknown(freelancer_id: str) -> CommandError:
    """The error "no such freelancer is known"."""
    return CommandError(
        f"no freelancer '{freelancer_id}' is known: import a snapshot first.", ExitCode.FAULTS
    )


async def read_progress(
    settings: Settings, freelancer_id: str, changes: Sequence[str] = ()
) -> tuple[Progress, Policy]:
    """A freelancer's progress, as it is or as it would be after `changes`; nothing is stored.

    `changes`: step ids or plan=ID. CommandError for an unknown freelancer or change.
    """
    async with open_desk(settings) as desk:
        found = await desk.database.read(
            lambda unit: _progress(desk, unit, FreelancerId(freelancer_id), changes)
        )
    if found is None:
        raise unknown(freelancer_id)
    if isinstance(found, BadChange):
        raise CommandError(found.sentence)
    return found, desk.policy


async def _progress(
    desk: Desk, unit: ReadUnit, freelancer_id: FreelancerId, changes: Sequence[str]
) -> Progress | BadChange | None:
    found = await desk.queries(unit).read_progress(freelancer_id)
    if not isinstance(found, Progress):
        return None
    if not changes:
        return found
    return await desk.queries(unit).read_what_if(freelancer_id, changes)


async def offer_link(settings: Settings, freelancer_id: str) -> Offered:
    """Create a single-use link for this freelancer; CommandError if they are unknown."""
    wanted = FreelancerId(freelancer_id)
    async with open_desk(settings) as desk:

        async def work(unit: UnitOfWork) -> Offered | None:
            if await unit.accounts.get(wanted) is None:
                return None
            return await desk.use_cases(unit).offer_link(wanted)

        offered = await desk.database.transact(work)
    if offered is None:
        raise unknown(freelancer_id)
    return offered
