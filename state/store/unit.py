"""One unit of work over one transaction: every port, sharing what was read and written."""

from state.store.accounts import SqlAccounts
from state.store.answers import SqlAnswers
from state.store.audit import SqlAudit
from state.store.chats import SqlChats
from state.store.inbox import SqlInbox
from state.store.links import SqlLinks
from state.store.living import SqlLivingMessages
from state.store.numbers import SqlNumbers
from state.store.outbox import SqlOutbox
from state.store.transaction import Transaction
from state.store.verifications import SqlVerifications


class SqlUnitOfWork:
    """Fills the port `UnitOfWork`."""

    __slots__ = (
        "accounts",
        "answers",
        "audit",
        "chats",
        "inbox",
        "links",
        "living",
        "numbers",
        "outbox",
        "verifications",
    )

    def __init__(self, transaction: Transaction) -> None:
        self.accounts = SqlAccounts(transaction)
        self.chats = SqlChats(transaction)
        self.links = SqlLinks(transaction)
        self.numbers = SqlNumbers(transaction)
        self.verifications = SqlVerifications(transaction)
        self.answers = SqlAnswers(transaction)
        self.living = SqlLivingMessages(transaction)
        self.audit = SqlAudit(transaction)
        self.outbox = SqlOutbox(transaction)
        self.inbox = SqlInbox(transaction)
