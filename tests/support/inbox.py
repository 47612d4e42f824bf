"""What waits in the inbox, as tests look at it."""

from state.model.work import Incoming
from state.ports import UnitOfWork


async def head_of(unit: UnitOfWork, lane: str) -> Incoming | None:
    """The oldest update of the lane that is not done."""
    return next(iter(await unit.inbox.heads([lane])), None)
