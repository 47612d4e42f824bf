"""What the use cases need from the outside, as Protocols; the store and the gateways fill them."""

from state.ports.calls import Answers, Audit, AuditEvent, Verifications
from state.ports.errors import ImpossibleRowError, StaleStateError, StateError
from state.ports.outside import Clock, Dice
from state.ports.people import Accounts, Chats, Links, LivingMessages, Numbers
from state.ports.work import Inbox, InboxDoor, Outbox, OutboxDoor, Transact, UnitOfWork

__all__ = [
    "Accounts",
    "Answers",
    "Audit",
    "AuditEvent",
    "Chats",
    "Clock",
    "Dice",
    "ImpossibleRowError",
    "Inbox",
    "InboxDoor",
    "Links",
    "LivingMessages",
    "Numbers",
    "Outbox",
    "OutboxDoor",
    "StaleStateError",
    "StateError",
    "Transact",
    "UnitOfWork",
    "Verifications",
]
