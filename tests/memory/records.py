"""In-memory accounts, chats, links, numbers, answers, living messages and audit."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from state.model.account import READING, Account, Completion, FreelancerId, StepId
from state.model.chat import Chat, ChatId, LinkOffer
from state.model.verification import NumberKey, SessionId
from state.ports import AuditEvent, AuditFilter, AuditLine, NumberRecord, StaleStateError
from tests.memory.tables import NumberRow, Tables

K = TypeVar("K")
V = TypeVar("V")


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
        struck_at = self.tables.struck.get(key, completion.done_at)
        outdated = completion.proof.startswith(READING) and struck_at > completion.done_at
        if key in self.tables.completions or outdated:
            return False
        self.tables.struck.pop(key, None)
        self.tables.completions[key] = completion
        return True

    async def revoke(self, freelancer_id: FreelancerId, step: StepId, at: datetime) -> None:
        self.tables.completions.pop((freelancer_id, step), None)
        self.tables.struck[freelancer_id, step] = at

    async def revoked(self, freelancer_id: FreelancerId) -> Mapping[StepId, datetime]:
        rows = self.tables.struck.items()
        return {step: at for (owner, step), at in rows if owner == freelancer_id}

    async def with_number(self, number: str) -> Sequence[Account]:
        theirs = {
            *(who for who, row in self.tables.current_numbers.items() if row.number == number),
            *(who for who, row in self.tables.former_numbers if row == number),
        }
        accounts = self.tables.accounts.values()
        return [one for one in accounts if one.id in theirs and one.phone is not None]

    async def erase(self, freelancer_id: FreelancerId) -> None:
        self.tables.accounts.pop(freelancer_id, None)
        _drop(self.tables.completions, lambda key: key[0] == freelancer_id)
        _drop(self.tables.struck, lambda key: key[0] == freelancer_id)


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

    async def erase(self, chat_id: ChatId) -> None:
        self.tables.chats.pop(chat_id, None)


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

    async def of(self, freelancer_id: FreelancerId) -> Sequence[LinkOffer]:
        mine = [o for o in self.tables.links.values() if o.freelancer_id == freelancer_id]
        return sorted(mine, key=lambda offer: offer.expires_at)

    async def erase(self, freelancer_id: FreelancerId) -> None:
        for offer in await self.of(freelancer_id):
            del self.tables.links[offer.token_hash]


@dataclass(frozen=True, slots=True)
class MemoryGuesses:
    tables: Tables

    async def add(self, guesser: str, at: datetime) -> None:
        self.tables.guesses[max(self.tables.guesses, default=0) + 1] = (guesser, at)

    async def latest(
        self, count: int, since: datetime, *, guesser: str | None = None
    ) -> datetime | None:
        made = sorted(
            at for who, at in self.tables.guesses.values() if at > since and guesser in {None, who}
        )
        return made[-count] if len(made) >= count else None


@dataclass(frozen=True, slots=True)
class MemoryNumbers:
    tables: Tables

    async def current(self, freelancer_id: FreelancerId) -> str | None:
        row = self.tables.current_numbers.get(freelancer_id)
        return None if row is None else row.number

    async def set_current(
        self, freelancer_id: FreelancerId, number: str, key: NumberKey | None, at: datetime
    ) -> None:
        await self._retire(freelancer_id, at)
        former = self.tables.former_numbers.pop((freelancer_id, number), None)
        self.tables.current_numbers[freelancer_id] = NumberRow(
            number=number, key=key, set_at=at, verified_at=former.verified_at if former else None
        )

    async def _retire(self, freelancer_id: FreelancerId, at: datetime) -> None:
        row = self.tables.current_numbers.get(freelancer_id)
        if row is not None:
            self.tables.former_numbers[freelancer_id, row.number] = NumberRecord(
                number=row.number,
                set_at=row.set_at or at,
                replaced_at=at,
                verified_at=row.verified_at,
            )

    async def all(self, freelancer_id: FreelancerId) -> Sequence[NumberRecord]:
        rows = self.tables.former_numbers.items()
        former = [one for (who, _), one in rows if who == freelancer_id]
        row = self.tables.current_numbers.get(freelancer_id)
        if row is None or row.set_at is None:
            return former
        current = NumberRecord(
            number=row.number,
            set_at=row.set_at,
            replaced_at=None,
            verified_at=row.verified_at,
        )
        return [*former, current]

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

    async def clear_verified(self, freelancer_id: FreelancerId) -> None:
        for key, owner in list(self.tables.verified_numbers.items()):
            if owner == freelancer_id:
                del self.tables.verified_numbers[key]

    async def erase(self, freelancer_id: FreelancerId) -> None:
        await self.clear_verified(freelancer_id)
        self.tables.current_numbers.pop(freelancer_id, None)
        _drop(self.tables.former_numbers, lambda key: key[0] == freelancer_id)


@dataclass(frozen=True, slots=True)
class MemoryProviderReplies:
    tables: Tables

    async def get(self, session_id: SessionId, turn: int) -> str | None:
        return self.tables.answers.get((session_id, turn))

    async def put(self, session_id: SessionId, turn: int, body: str) -> None:
        if (session_id, turn) in self.tables.answers:
            raise StaleStateError("the turn was answered")
        self.tables.answers[session_id, turn] = body

    async def register_event(self, provider: str, event: str, at: datetime) -> bool:
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

    async def remove(self, chat_id: ChatId, matter: str) -> None:
        self.tables.living.pop((chat_id, matter), None)

    async def erase(self, chat_id: ChatId) -> None:
        _drop(self.tables.living, lambda key: key[0] == chat_id)


@dataclass(frozen=True, slots=True)
class MemoryAudit:
    tables: Tables

    async def add(self, event: AuditEvent) -> None:
        self.tables.audit[max(self.tables.audit, default=0) + 1] = event

    async def about(self, subject: str) -> Sequence[AuditEvent]:
        return [one for one in self.tables.audit.values() if one.subject == subject]

    async def newest(
        self, wanted: AuditFilter, *, before: int | None = None, limit: int
    ) -> Sequence[AuditLine]:
        lines = [
            AuditLine(number=number, event=event)
            for number, event in sorted(self.tables.audit.items(), reverse=True)
            if (before is None or number < before)
            and event.kind.startswith(wanted.kind)
            and wanted.subject in {"", event.subject}
            and wanted.actor in {"", event.actor}
        ]
        return lines[:limit]

    async def subject_counts(self, kinds: Collection[str], since: datetime) -> Mapping[str, int]:
        lines = [one for one in self.tables.audit.values() if one.at >= since]
        found = {kind: {one.subject for one in lines if one.kind == kind} for kind in kinds}
        return {kind: len(people) for kind, people in found.items() if people}

    async def erase(self, subject: str) -> None:
        audit = self.tables.audit
        _drop(audit, lambda key: audit[key].subject == subject)


def _drop(rows: dict[K, V], which: Callable[[K], bool]) -> None:
    for key in [key for key in rows if which(key)]:
        del rows[key]
