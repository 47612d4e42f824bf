"""Export of all data stored about a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from state.model.account import Account, Completion, FreelancerId, StepId
from state.model.chat import Chat, ChatId, LinkOffer
from state.model.ledger import Attempts
from state.model.question import Question
from state.model.staff import Ban
from state.model.ticket import TalkMessage, Ticket, TicketNote
from state.model.verification import CallSession, Round, Verification
from state.model.work import SendExport
from state.policy import Policy
from state.ports import AuditEvent, Clock, NumberRecord, ReadUnit, UnitOfWork
from state.rules.codes import Peppers
from state.rules.rounds import number_locked_until, round_of
from state.usecases.lanes import chat_lane
from state.usecases.verification.read_attempts import attempts_at, attempts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRecord:
    """All stored data of an account."""

    id: FreelancerId
    account: Account | None
    completions: Sequence[Completion]
    revoked: Mapping[StepId, datetime]
    numbers: Sequence[NumberRecord]
    round: Round
    calls: Sequence[CallSession]
    number_locked_until: datetime | None
    """Lock on the number called last."""
    links: Sequence[LinkOffer]
    audit: Sequence[AuditEvent]


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkRecord:
    """One ticket with its messages and notes; notes are personal data too."""

    ticket: Ticket
    messages: Sequence[TalkMessage]
    notes: Sequence[TicketNote]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All stored data of a person: account, chat, questions, tickets and ban."""

    made_at: datetime
    account: AccountRecord | None
    chat: Chat | None
    questions: Sequence[Question]
    talks: Sequence[TalkRecord] = ()
    ban: Ban | None = None

    @property
    def knows_anything(self) -> bool:
        account = self.account
        return self.chat is not None or (
            account is not None
            and any((account.account, account.completions, account.numbers, account.links))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRecord:
    """All stored data of a freelancer and their chat, starting from either."""

    unit: ReadUnit
    policy: Policy
    clock: Clock
    peppers: Peppers | None

    async def of_freelancer(self, freelancer_id: FreelancerId) -> Record:
        chat = await self.unit.chats.of(freelancer_id)
        return await self._record(freelancer_id, chat, None if chat is None else chat.id)

    async def of_chat(self, chat_id: ChatId) -> Record:
        chat = await self.unit.chats.get(chat_id)
        return await self._record(None if chat is None else chat.freelancer_id, chat, chat_id)

    async def _record(
        self, freelancer_id: FreelancerId | None, chat: Chat | None, chat_id: ChatId | None
    ) -> Record:
        return Record(
            made_at=self.clock.now(),
            account=None if freelancer_id is None else await self._account(freelancer_id),
            chat=chat,
            questions=() if chat_id is None else await self.unit.questions.of_chat(chat_id),
            talks=await self._talks(freelancer_id, chat_id),
            ban=None if chat_id is None else await self._ban(chat_id, chat),
        )

    async def _ban(self, chat_id: ChatId, chat: Chat | None) -> Ban | None:
        """A ban from before the chat had this account is left out: it may concern someone else."""
        ban = await self.unit.bans.of(chat_id)
        linked_at = None if chat is None else chat.linked_at
        return None if ban and linked_at and ban.at < linked_at else ban

    async def _talks(
        self, freelancer_id: FreelancerId | None, chat_id: ChatId | None
    ) -> Sequence[TalkRecord]:
        """Tickets of the account in any chat, and those of the chat without an account."""
        of_account = (
            () if freelancer_id is None else await self.unit.tickets.of_freelancer(freelancer_id)
        )
        of_chat = () if chat_id is None else await self.unit.tickets.of_chat(chat_id)
        nobodys = [one for one in of_chat if one.freelancer_id is None]
        return [
            TalkRecord(
                ticket=ticket,
                messages=await self.unit.talks.of(ticket.id),
                notes=await self.unit.talks.notes(ticket.id),
            )
            for ticket in sorted((*of_account, *nobodys), key=lambda one: one.id)
        ]

    async def _account(self, freelancer_id: FreelancerId) -> AccountRecord:
        verification = await self.unit.verifications.load(freelancer_id)
        found = await self._attempts(verification)
        now, rules = self.clock.now(), self.policy.verification
        return AccountRecord(
            id=freelancer_id,
            account=await self.unit.accounts.get(freelancer_id),
            completions=await self.unit.accounts.completions(freelancer_id),
            revoked=await self.unit.accounts.revoked(freelancer_id),
            numbers=await self.unit.numbers.all(freelancer_id),
            round=round_of(verification.proved, found, now=now, policy=rules),
            calls=await self.unit.verifications.sessions(freelancer_id),
            number_locked_until=number_locked_until(found, now=now, policy=rules),
            links=await self.unit.links.of(freelancer_id),
            audit=await self.unit.audit.about(freelancer_id),
        )

    async def _attempts(self, verification: Verification) -> Attempts:
        """Attempts of the person, and at the number called last."""
        now, rules, session = self.clock.now(), self.policy.verification, verification.session
        if session is not None:
            return await attempts_at(
                self.unit, session.person_key, session.number_key, now=now, policy=rules
            )
        return await attempts_of(
            self.unit, verification.freelancer_id, peppers=self.peppers, now=now, policy=rules
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestExport:
    """Queue an export; the file is written only at delivery."""

    unit: UnitOfWork
    clock: Clock

    async def __call__(self, chat_id: ChatId) -> None:
        now = self.clock.now()
        await self.unit.outbox.add(
            SendExport(chat_id=chat_id),
            lane=chat_lane(chat_id),
            key=f"export:{chat_id}:{now.isoformat()}",
            due_at=now,
        )
