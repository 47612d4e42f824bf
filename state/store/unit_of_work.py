"""A unit of work: all repositories over one transaction."""

from state.store.queues.inbox import SqlInbox
from state.store.queues.outbox import SqlOutbox
from state.store.repositories.accounts import SqlAccounts, SqlBulkAccounts
from state.store.repositories.audit import SqlAudit
from state.store.repositories.change_tokens import SqlChangeTokens
from state.store.repositories.chats import SqlChats
from state.store.repositories.figures import SqlFigures
from state.store.repositories.hand_overs import SqlHandOvers
from state.store.repositories.ledger import SqlLedger
from state.store.repositories.links import SqlGuesses, SqlLinks
from state.store.repositories.live_messages import SqlLivingMessages
from state.store.repositories.missed_groups import SqlMissedGroups
from state.store.repositories.numbers import SqlNumbers
from state.store.repositories.provider_replies import SqlProviderReplies
from state.store.repositories.questions import SqlQuestions
from state.store.repositories.retention import SqlRetention
from state.store.repositories.sign_in import SqlSignInLinks, SqlVisits
from state.store.repositories.staff import SqlBans, SqlStaffList, SqlTopics
from state.store.repositories.ticket_messages import SqlTalks
from state.store.repositories.tickets import SqlTickets
from state.store.repositories.verifications import SqlVerifications
from state.store.sql.transaction import Transaction


class SqlUnitOfWork:
    """Implements the port `UnitOfWork`."""

    __slots__ = (
        "accounts",
        "audit",
        "bans",
        "bulk_accounts",
        "change_tokens",
        "chats",
        "figures",
        "guesses",
        "hand_overs",
        "inbox",
        "ledger",
        "links",
        "living_messages",
        "missed_groups",
        "numbers",
        "outbox",
        "provider_replies",
        "questions",
        "retention",
        "sign_in_links",
        "staff",
        "talks",
        "tickets",
        "topics",
        "verifications",
        "visits",
    )

    def __init__(self, transaction: Transaction) -> None:
        self.accounts = SqlAccounts(transaction)
        self.chats = SqlChats(transaction)
        self.bulk_accounts = SqlBulkAccounts(transaction)
        self.links = SqlLinks(transaction)
        self.guesses = SqlGuesses(transaction)
        self.hand_overs = SqlHandOvers(transaction)
        self.numbers = SqlNumbers(transaction)
        self.verifications = SqlVerifications(transaction)
        self.ledger = SqlLedger(transaction)
        self.provider_replies = SqlProviderReplies(transaction)
        self.living_messages = SqlLivingMessages(transaction)
        self.questions = SqlQuestions(transaction)
        self.missed_groups = SqlMissedGroups(transaction)
        self.tickets = SqlTickets(transaction)
        self.talks = SqlTalks(transaction)
        self.topics = SqlTopics(transaction)
        self.staff = SqlStaffList(transaction)
        self.bans = SqlBans(transaction)
        self.audit = SqlAudit(transaction)
        self.outbox = SqlOutbox(transaction)
        self.inbox = SqlInbox(transaction)
        self.sign_in_links = SqlSignInLinks(transaction)
        self.visits = SqlVisits(transaction)
        self.change_tokens = SqlChangeTokens(transaction)
        self.figures = SqlFigures(transaction)
        self.retention = SqlRetention(transaction)
