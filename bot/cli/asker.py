"""`helpdesk ask --freelancer`: load the facts of the freelancer to answer for."""

from bot.articles.reader_facts import anybody_at, channels_of, facts_of
from bot.cli.accounts import unknown
from bot.cli.ask import Asker
from bot.cli.progress import standing
from bot.context import Desk, open_desk
from bot.settings import Settings
from state.model.account import FreelancerId, Progress
from state.ports import ReadUnit
from state.usecases.progress.read import NotFound
from state.usecases.verification.read import VerificationView


async def asker(settings: Settings, freelancer_id: str) -> Asker:
    """The freelancer as a reader. CommandError if no snapshot of them was ever imported."""
    async with open_desk(settings) as desk:
        found, verification = await desk.database.read(
            lambda unit: _read(desk, unit, FreelancerId(freelancer_id))
        )
    if isinstance(found, NotFound):
        raise unknown(freelancer_id)
    return Asker(
        facts=facts_of(found, verification, desk.policy, anybody_at(channels_of(settings))),
        standing=standing(settings, found, desk.policy),
    )


async def _read(
    desk: Desk, unit: ReadUnit, freelancer_id: FreelancerId
) -> tuple[Progress | NotFound, VerificationView | None]:
    """Progress and verification; without peppers set, the verification is None (unknown)."""
    queries = desk.queries(unit)
    found = await queries.read_progress(freelancer_id)
    if desk.peppers is None:
        return found, None
    return found, await queries.read_verification(freelancer_id)
