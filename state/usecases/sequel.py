"""What questions led to: kept with them, since whose they were is forgotten after some days."""

from datetime import datetime, timedelta

from state.model.account import FreelancerId
from state.model.question import Sequel
from state.ports import UnitOfWork

LED_TO_WITHIN = timedelta(hours=24)


async def note_sequel(
    unit: UnitOfWork, freelancer_id: FreelancerId, what: Sequel = Sequel.STEP, *, now: datetime
) -> None:
    chat = await unit.chats.of(freelancer_id)
    if chat is not None:
        await unit.questions.led_to(chat.id, what, now - LED_TO_WITHIN)
