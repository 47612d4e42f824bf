"""What questions led to: kept with them, since whose they were is forgotten after some days."""

from datetime import datetime, timedelta

from state.model.account import FreelancerId
from state.model.question import Sequel
from state.ports import UnitOfWork

LED_TO_WITHIN = timedelta(hours=24)


async def note_step(unit: UnitOfWork, freelancer_id: FreelancerId, *, now: datetime) -> None:
    """A step was done; whoever has no chat has asked nothing."""
    chat = await unit.chats.of(freelancer_id)
    if chat is not None:
        await unit.questions.led_to(chat.id, Sequel.STEP, now - LED_TO_WITHIN)
