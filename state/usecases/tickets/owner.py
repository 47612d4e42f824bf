"""Whose a talk is: the account that the chat had in it, for as long as it still has it."""

from state.model.account import FreelancerId
from state.model.chat import ChatId
from state.model.ticket import Ticket
from state.ports import ReadUnit


async def account_of(unit: ReadUnit, chat_id: ChatId) -> FreelancerId | None:
    """The chat's account now."""
    chat = await unit.chats.get(chat_id)
    return None if chat is None else chat.freelancer_id


async def owner_of(unit: ReadUnit, ticket: Ticket) -> FreelancerId | None:
    """None as well once the chat has another account: neither one's facts are for this talk."""
    now = await account_of(unit, ticket.chat_id)
    return now if now == ticket.freelancer_id else None


async def changed_hands(unit: ReadUnit, ticket: Ticket) -> bool:
    """The chat has another account than in this talk, or none any more."""
    return await account_of(unit, ticket.chat_id) != ticket.freelancer_id
