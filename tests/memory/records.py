"""In-memory accounts, chats, links, numbers, answers, living messages and audit."""

from dataclasses import dataclass, replace
from datetime import datetime

from state.model.account import Account, Completion, FreelancerId
from state.model.chat import Chat, ChatId, LinkOffer
from state.model.verification import NumberKey, SessionId
from state.ports import AuditEvent, StaleStateError
from tests.memory.tables import NumberRow, Tables


@dataclass(frozen=True, slots=True)
class MemoryAccounts:
    tables: Tables

    async def get(self, freelancer_id: FreelancerId) -> Account | None:
        return self.tables.accounts.get(freelancer_id)

    async def put(self, account: Account) -> bool:
        held = self.tables.accounts.get(account.id)
        if held is not None and held.as_of >= account.as_of:
            return False
        self.tables.accounts[account.id] = account
        return True

    async def completions(self, freelancer_id: FreelancerId) -> tuple[Completion, ...]:
        rows = self.tables.completions.items()
        return tuple(done for (owner, _), done in rows if owner == freelancer_id)

    async def complete(self, freelancer_id: FreelancerId, completion: Completion) -> bool:
        key = (freelancer_id, completion.step)
        if key in self.tables.completions:
            return False
        self.tables.completions[key] = completion
        return True


@dataclass(frozen=True, slots=True)
class MemoryChats:
    tables: Tables

    async def get(self, chat_id: ChatId) -> Chat | None:
        return self.tables.chats.get(chat_id)

    async def of(self, freelancer_id: FreelancerId) -> Chat | None:
        chats = self.tables.chats.values()
        return next((chat for chat in chats if chat.freelancer_id == freelancer_id), None)

    async def save(self, chat: Chat) -> None:
        if chat.freelancer_id is not None:
            rival = await self.of(chat.freelancer_id)
            if rival is not None and rival.id != chat.id:
                raise StaleStateError(f"{chat.freelancer_id} has a chat")
        self.tables.chats[chat.id] = chat


@dataclass(frozen=True, slots=True)
class MemoryLinks:
    tables: Tables

    async def add(self, offer: LinkOffer) -> None:
        self.tables.links[offer.token_hash] = offer

    async def find(self, secret_hash: str) -> LinkOffer | None:
        offers = self.tables.links.values()
        return next((o for o in offers if secret_hash in {o.token_hash, o.code_hash}), None)

    async def use(self, offer: LinkOffer, at: datetime) -> None:
        held = self.tables.links.get(offer.token_hash)
        if held is None or held.used_at is not None:
            raise StaleStateError("the link was used")
        self.tables.links[offer.token_hash] = replace(held, used_at=at)

    async def offered(self, freelancer_id: FreelancerId) -> bool:
        return any(o.freelancer_id == freelancer_id for o in self.tables.links.values())


@dataclass(frozen=True, slots=True)
class MemoryNumbers:
    tables: Tables

    async def current(self, freelancer_id: FreelancerId) -> str | None:
        row = self.tables.current_numbers.get(freelancer_id)
        return None if row is None else row.number

    async def set_current(
        self, freelancer_id: FreelancerId, number: str, key: NumberKey | None, at: datetime
    ) -> None:
        self.tables.current_numbers[freelancer_id] = NumberRow(number=number, key=key)

    async def mark_verified(
        self, freelancer_id: FreelancerId, key: NumberKey, at: datetime
    ) -> None:
        if self.tables.verified_numbers.setdefault(key, freelancer_id) != freelancer_id:
            raise StaleStateError("the number is verified on another account")
        row = self.tables.current_numbers.get(freelancer_id)
        if row is not None and row.key == key:
            self.tables.current_numbers[freelancer_id] = replace(row, verified_at=at)

    async def verified_by(self, key: NumberKey) -> FreelancerId | None:
        return self.tables.verified_numbers.get(key)


@dataclass(frozen=True, slots=True)
class MemoryAnswers:
    tables: Tables

    async def get(self, session_id: SessionId, turn: int) -> str | None:
        return self.tables.answers.get((session_id, turn))

    async def put(self, session_id: SessionId, turn: int, body: str) -> None:
        if (session_id, turn) in self.tables.answers:
            raise StaleStateError("the turn was answered")
        self.tables.answers[session_id, turn] = body

    async def first_time(self, provider: str, event: str, at: datetime) -> bool:
        if (provider, event) in self.tables.provider_events:
            return False
        self.tables.provider_events[provider, event] = at
        return True


@dataclass(frozen=True, slots=True)
class MemoryLivingMessages:
    tables: Tables

    async def get(self, chat_id: ChatId, matter: str) -> int | None:
        return self.tables.living.get((chat_id, matter))

    async def put(self, chat_id: ChatId, matter: str, message_id: int) -> None:
        self.tables.living[chat_id, matter] = message_id


@dataclass(frozen=True, slots=True)
class MemoryAudit:
    tables: Tables

    async def add(self, event: AuditEvent) -> None:
        self.tables.audit[len(self.tables.audit) + 1] = event
