"""Lanes of the outbox (tasks of one lane are delivered in order), and operator alarms."""

import re
from datetime import datetime

from state.model.account import FreelancerId
from state.model.alarm import Alarm
from state.model.chat import ChatId
from state.model.verification import SessionId
from state.model.work import AlertOperator
from state.ports import UnitOfWork
from state.rules.codes import secret_hash

ASIDE = "aside:"
_OF_CHAT = re.compile("(?:chat|ticket):(-?[0-9]+)")


def call_lane(session_id: SessionId) -> str:
    """Lane for placing and ending one call, in this order."""
    return f"call:{session_id}"


def check_lane(session_id: SessionId) -> str:
    """Lane for a call's timeouts, apart from placing it, which may wait for the provider."""
    return f"check:{session_id}"


def event_lane(freelancer_id: FreelancerId) -> str:
    return f"event:{secret_hash(freelancer_id)}"


def pull_lane(freelancer_id: FreelancerId) -> str:
    return f"pull:{freelancer_id}"


def chat_lane(chat_id: ChatId) -> str:
    return f"chat:{chat_id}"


def ticket_lane(chat_id: ChatId) -> str:
    """Lane for a chat's topic: one task at a time, so that no chat gets two topics."""
    return f"ticket:{chat_id}"


def topic_lane(thread_id: int) -> str:
    """Lane for a topic that belongs to no chat any more."""
    return f"topic:{thread_id}"


def chat_of_lane(lane: str) -> ChatId | None:
    """The chat whose messages or topic a lane is for; None for any other lane."""
    found = _OF_CHAT.fullmatch(lane)
    return None if found is None else ChatId(int(found[1]))


def aside_lane(row_id: int) -> str:
    """Lane of its own for a task that failed repeatedly, so that it blocks no other."""
    return f"{ASIDE}{row_id}"


LANE = "alarms"


async def alert(unit: UnitOfWork, what: Alarm, *, now: datetime, about: str = "") -> None:
    """Queue an alarm to the operators, at most one a day per kind and subject."""
    await unit.outbox.add(
        AlertOperator(what=what, about=about),
        lane=LANE,
        key=f"alert:{what}:{about}:{now.date().isoformat()}",
        due_at=now,
    )
