"""One unit of work over one transaction: every port, sharing what was read and written."""

from state.store.accounts import SqlAccounts
from state.store.answers import SqlAnswers
from state.store.audit import SqlAudit
from state.store.chats import SqlChats
from state.store.crowd import SqlCrowd
from state.store.figures import SqlFigures
from state.store.hand_overs import SqlHandOvers
from state.store.inbox import SqlInbox
from state.store.ledger import SqlLedger
from state.store.links import SqlGuesses, SqlLinks
from state.store.living import SqlLivingMessages
from state.store.missed import SqlMissedGroups
from state.store.numbers import SqlNumbers
from state.store.outbox import SqlOutbox
from state.store.pulse import SqlPulse
from state.store.questions import SqlQuestions
from state.store.sign_in import SqlSignInLinks, SqlVisits
from state.store.staff import SqlBans, SqlStaffList, SqlTopics
from state.store.talks import SqlTalks
from state.store.tickets import SqlTickets
from state.store.transaction import Transaction
from state.store.upkeep import SqlUpkeep
from state.store.verifications import SqlVerifications


class SqlUnitOfWork:
    """Fills the port `UnitOfWork`."""

    __slots__ = (
        "accounts",
        "answers",
        "audit",
        "bans",
        "chats",
        "crowd",
        "figures",
        "guesses",
        "hand_overs",
        "inbox",
        "ledger",
        "links",
        "living",
        "missed",
        "numbers",
        "outbox",
        "pulse",
        "questions",
        "sign_in_links",
        "staff",
        "talks",
        "tickets",
        "topics",
        "upkeep",
        "verifications",
        "visits",
    )

    def __init__(self, transaction: Transaction) -> None:
        self.accounts = SqlAccounts(transaction)
        self.chats = SqlChats(transaction)
        self.crowd = SqlCrowd(transaction)
        self.links = SqlLinks(transaction)
        self.guesses = SqlGuesses(transaction)
        self.hand_overs = SqlHandOvers(transaction)
        self.numbers = SqlNumbers(transaction)
        self.verifications = SqlVerifications(transaction)
        self.ledger = SqlLedger(transaction)
        self.answers = SqlAnswers(transaction)
        self.living = SqlLivingMessages(transaction)
        self.questions = SqlQuestions(transaction)
        self.missed = SqlMissedGroups(transaction)
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
        self.pulse = SqlPulse(transaction)
        self.figures = SqlFigures(transaction)
        self.upkeep = SqlUpkeep(transaction)
