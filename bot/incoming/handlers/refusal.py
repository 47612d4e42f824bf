"""Why staff could not do something to a talk, if they could not."""

from bot.presentation.reply import Replies
from bot.presentation.views import gathered as views
from state.ports import UnitOfWork
from state.rules.tickets import AnswerFirst, ChangedHands, HeldBy, NotOpen
from state.usecases.tickets.hold import NoTicket


async def refusal(outcome: object, unit: UnitOfWork) -> Replies:
    """What was done shows in the topic by itself; only a refusal is answered."""
    if isinstance(outcome, HeldBy | AnswerFirst):
        holder = await unit.staff.get(outcome.staff_id)
        return [views.group.refused(outcome, name=holder.name if holder else "")]
    return (
        [views.group.refused(outcome)]
        if isinstance(outcome, NotOpen | ChangedHands | NoTicket)
        else []
    )
