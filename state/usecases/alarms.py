"""Tell the people who run the desk, once a day about each thing."""

from datetime import datetime

from state.model.alarm import Alarm
from state.model.work import AlertOperator
from state.ports import UnitOfWork

LANE = "alarms"


async def alert(unit: UnitOfWork, what: Alarm, *, now: datetime, about: str = "") -> None:
    await unit.outbox.add(
        AlertOperator(what=what, about=about),
        lane=LANE,
        key=f"alert:{what}:{about}:{now.date().isoformat()}",
        due_at=now,
    )
