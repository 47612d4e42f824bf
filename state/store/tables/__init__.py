"""Table definitions. A change here needs a migration; a test compares the two."""

from state.store.tables.calls import (
    call_session,
    call_turn,
    number_binding,
    provider_event,
    verification_ledger,
    verification_round,
)
from state.store.tables.columns import metadata
from state.store.tables.people import (
    account,
    chat,
    completion,
    link_guess,
    link_offer,
    phone_number,
)
from state.store.tables.questions import missed_group, question
from state.store.tables.sign_in import sign_in_link, visit
from state.store.tables.tickets import (
    ban,
    hand_over,
    staff_member,
    ticket,
    ticket_message,
    ticket_note,
    topic,
)
from state.store.tables.work import audit_event, inbox, living_message, outbox

__all__ = [
    "account",
    "audit_event",
    "ban",
    "call_session",
    "call_turn",
    "chat",
    "completion",
    "hand_over",
    "inbox",
    "link_guess",
    "link_offer",
    "living_message",
    "metadata",
    "missed_group",
    "number_binding",
    "outbox",
    "phone_number",
    "provider_event",
    "question",
    "sign_in_link",
    "staff_member",
    "ticket",
    "ticket_message",
    "ticket_note",
    "topic",
    "verification_ledger",
    "verification_round",
    "visit",
]
