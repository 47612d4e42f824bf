"""Events for the marketplace, added to the outbox by the commit that causes them."""

from datetime import datetime, timedelta

from state.model.account import Completion, FreelancerId, StepId
from state.model.question import Sequel
from state.model.work import EventKind, TellMarketplace
from state.ports import UnitOfWork
from state.rules.codes import secret_hash
from state.usecases.lanes import event_lane

LED_TO_WITHIN = timedelta(hours=24)


async def record_sequel(unit: UnitOfWork, freelancer_id: FreelancerId, *, now: datetime) -> None:
    """Record a completed step as the sequel of the freelancer's recent questions, if any."""
    chat = await unit.chats.of(freelancer_id)
    if chat is not None:
        await unit.questions.record_sequel(chat.id, Sequel.STEP, now - LED_TO_WITHIN)


async def queue_event(
    unit: UnitOfWork,
    event: EventKind,
    freelancer_id: FreelancerId,
    *,
    now: datetime,
    step: StepId | None = None,
) -> None:
    """Add an event for the marketplace; if none is configured, delivery drops it.

    Lane and key outlive the delivery, so they are hashes: neither reveals an erased person.
    """
    about = f"{event}:{freelancer_id}:{step or ''}:{now.isoformat()}"
    await unit.outbox.add(
        TellMarketplace(event=event, freelancer_id=freelancer_id, step=step),
        lane=event_lane(freelancer_id),
        key=f"event:{secret_hash(about)}",
        due_at=now,
    )


async def complete_step(
    unit: UnitOfWork, freelancer_id: FreelancerId, done: Completion, *, now: datetime
) -> bool:
    """Record a step as done permanently and report it once; False if it was recorded before."""
    if not await unit.accounts.complete(freelancer_id, done):
        return False
    await record_sequel(unit, freelancer_id, now=now)
    await queue_step_event(unit, freelancer_id, done.step, now=now)
    return True


async def queue_step_event(
    unit: UnitOfWork, freelancer_id: FreelancerId, step: StepId, *, now: datetime
) -> None:
    await queue_event(unit, EventKind.STEP_COMPLETED, freelancer_id, now=now, step=step)
