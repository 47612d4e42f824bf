"""Lanes of the outbox: tasks of one lane are carried out one after another."""

from state.model.account import FreelancerId
from state.model.chat import ChatId
from state.model.verification import SessionId
from state.rules.codes import secret_hash


def call_lane(session_id: SessionId) -> str:
    """Dialling and hanging up, in this order."""
    return f"call:{session_id}"


def check_lane(session_id: SessionId) -> str:
    """Apart from dialling, which may have to wait for the provider while time runs out."""
    return f"check:{session_id}"


def event_lane(freelancer_id: FreelancerId) -> str:
    return f"event:{secret_hash(freelancer_id)}"


def pull_lane(freelancer_id: FreelancerId) -> str:
    return f"pull:{freelancer_id}"


def chat_lane(chat_id: ChatId) -> str:
    return f"chat:{chat_id}"


def ticket_lane(chat_id: ChatId) -> str:
    """What goes into a chat's topic: one at a time, so that no chat ever gets two topics."""
    return f"ticket:{chat_id}"
