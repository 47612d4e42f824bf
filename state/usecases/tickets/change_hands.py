"""Effects of linking and unlinking a chat on its ticket and its questions.

The chat's next account starts with none of them, and an export holds one's own data only.
"""

from dataclasses import replace
from datetime import datetime

from state.model.account import FreelancerId
from state.model.chat import ChatId
from state.model.question import answer_matter, feedback_matter
from state.model.ticket import Ticket
from state.model.work import CallerNews, GroupNews
from state.ports import UnitOfWork
from state.rules.tickets import is_open, left_by_freelancer
from state.usecases.tickets.close import save_closed
from state.usecases.tickets.effects import close_topic, show_packet, tell_caller, tell_group


async def detach_owner(unit: UnitOfWork, chat_id: ChatId, *, now: datetime) -> None:
    """Close the chat's ticket and detach its questions, when the chat is unlinked.

    Call it while the chat still has its account, whose audit trail records the close.
    """
    await _end_talk(unit, chat_id, now=now)
    for question in await unit.questions.disown_chat(chat_id):
        await unit.living_messages.remove(chat_id, answer_matter(question.id))
        await unit.living_messages.remove(chat_id, feedback_matter(question.id))


async def assign_owner(
    unit: UnitOfWork, chat_id: ChatId, owner: FreelancerId, *, now: datetime
) -> None:
    """Assign an open ticket to the account that its chat, unlinked before, is linked to now."""
    ticket = await unit.tickets.last(chat_id)
    if ticket is None or not is_open(ticket) or ticket.freelancer_id is not None:
        return
    owned = replace(ticket, freelancer_id=owner)
    await unit.tickets.save(owned)
    await show_packet(unit, replace(owned, version=owned.version + 1), now=now)


async def _end_talk(unit: UnitOfWork, chat_id: ChatId, *, now: datetime) -> None:
    ticket = await unit.tickets.last(chat_id)
    changed = None if ticket is None else left_by_freelancer(ticket, now=now)
    if not isinstance(changed, Ticket):
        return
    saved = await save_closed(unit, changed, now=now, actor="chat")
    await tell_group(unit, saved, GroupNews.PARTED, now=now)
    await tell_caller(unit, saved, CallerNews.PARTED, now=now)
    await close_topic(unit, saved, now=now)
