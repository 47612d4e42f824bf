"""The owner of a ticket: the account its chat was linked to, while it still is."""

from state.model.account import FreelancerId
from state.model.chat import ChatId
from state.model.ticket import Ticket
from state.ports import ReadUnit


async def account_of(unit: ReadUnit, chat_id: ChatId) -> FreelancerId | None:
    """The account that the chat is linked to now."""
    chat = await unit.chats.get(chat_id)
    return None if chat is None else chat.freelancer_id


async def owner_of(unit: ReadUnit, ticket: Ticket) -> FreelancerId | None:
    """The ticket's account; None if its chat is linked to another one now."""
    now = await account_of(unit, ticket.chat_id)
    return now if now == ticket.freelancer_id else None


async def changed_hands(unit: ReadUnit, ticket: Ticket) -> bool:
    """Whether the chat's account is not the ticket's any more."""
    return await account_of(unit, ticket.chat_id) != ticket.freelancer_id
