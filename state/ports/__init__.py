"""Ports (Protocols) that the use cases need; `state.store` and `bot.gateways` implement them."""

from state.ports.backlog import Backlog, WaitingRows
from state.ports.calls import (
    Audit,
    AuditEvent,
    AuditFilter,
    AuditLine,
    ProviderReplies,
    Recorded,
    Verifications,
)
from state.ports.crowd import BulkAccounts, Known, NumberInUse
from state.ports.errors import DatabaseDownError, ImpossibleRowError, StaleStateError, StateError
from state.ports.figures import Figures
from state.ports.ledger import Ledger
from state.ports.marketplace import Marketplace, NotReached, NotThere
from state.ports.outside import Clock, Dice
from state.ports.people import (
    Accounts,
    Chats,
    Guesses,
    Links,
    LivingMessages,
    NumberRecord,
    Numbers,
)
from state.ports.pulse import Pulse
from state.ports.questions import MissedGroups, Questions
from state.ports.sign_in import SignInLinks, Visits
from state.ports.tickets import Bans, StaffList, Talks, Tickets, Topics
from state.ports.upkeep import KeptSince, Upkeep
from state.ports.work import (
    Claims,
    Inbox,
    InboxDoor,
    Loss,
    Outbox,
    OutboxDoor,
    Read,
    ReadUnit,
    Transact,
    UnitOfWork,
)

__all__ = [
    "Accounts",
    "Audit",
    "AuditEvent",
    "AuditFilter",
    "AuditLine",
    "Backlog",
    "Bans",
    "BulkAccounts",
    "Chats",
    "Claims",
    "Clock",
    "DatabaseDownError",
    "Dice",
    "Figures",
    "Guesses",
    "ImpossibleRowError",
    "Inbox",
    "InboxDoor",
    "KeptSince",
    "Known",
    "Ledger",
    "Links",
    "LivingMessages",
    "Loss",
    "Marketplace",
    "MissedGroups",
    "NotReached",
    "NotThere",
    "NumberInUse",
    "NumberRecord",
    "Numbers",
    "Outbox",
    "OutboxDoor",
    "ProviderReplies",
    "Pulse",
    "Questions",
    "Read",
    "ReadUnit",
    "Recorded",
    "SignInLinks",
    "StaffList",
    "StaleStateError",
    "StateError",
    "Talks",
    "Tickets",
    "Topics",
    "Transact",
    "UnitOfWork",
    "Upkeep",
    "Verifications",
    "Visits",
    "WaitingRows",
]
