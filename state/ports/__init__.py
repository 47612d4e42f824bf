"""Ports (Protocols) that the use cases need; `state.store` and `bot.gateways` implement them."""

from state.ports.backlog import Backlog, WaitingRows
from state.ports.bulk_accounts import BulkAccounts, Known, NumberInUse
from state.ports.calls import (
    Audit,
    AuditEvent,
    AuditFilter,
    AuditLine,
    ProviderReplies,
    Recorded,
    Verifications,
)
from state.ports.change_tokens import ChangeTokens
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
from state.ports.questions import MissedGroups, Questions
from state.ports.retention import Retention, RetentionLimits
from state.ports.sign_in import SignInLinks, Visits
from state.ports.tickets import Bans, StaffList, Talks, Tickets, Topics
from state.ports.work import (
    Claims,
    Inbox,
    InboxQueue,
    Loss,
    Outbox,
    OutboxQueue,
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
    "ChangeTokens",
    "Chats",
    "Claims",
    "Clock",
    "DatabaseDownError",
    "Dice",
    "Figures",
    "Guesses",
    "ImpossibleRowError",
    "Inbox",
    "InboxQueue",
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
    "OutboxQueue",
    "ProviderReplies",
    "Questions",
    "Read",
    "ReadUnit",
    "Recorded",
    "Retention",
    "RetentionLimits",
    "SignInLinks",
    "StaffList",
    "StaleStateError",
    "StateError",
    "Talks",
    "Tickets",
    "Topics",
    "Transact",
    "UnitOfWork",
    "Verifications",
    "Visits",
    "WaitingRows",
]
