"""Repositories about people: accounts, chats, links, numbers, living messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from state.model.account import Account, Completion, FreelancerId, StepId
from state.model.chat import Chat, ChatId, LinkOffer
from state.model.verification import NumberKey


class AccountsReader(Protocol):
    async def get(self, freelancer_id: FreelancerId) -> Account | None: ...

    async def completions(self, freelancer_id: FreelancerId) -> tuple[Completion, ...]: ...

    async def revoked(self, freelancer_id: FreelancerId) -> Mapping[StepId, datetime]:
        """Steps revoked by staff and not completed since, with the moment of revocation."""
        ...

    async def with_number(self, number: str) -> Sequence[Account]:
        """Accounts whose number on record may be this one: E.164, or in another notation."""
        ...


class Accounts(AccountsReader, Protocol):
    async def put(self, account: Account) -> bool:
        """Store a snapshot; False, with no change, if the stored one is as new or newer."""
        ...

    async def complete(self, freelancer_id: FreelancerId, completion: Completion) -> bool:
        """Record a step as done permanently; False if it was recorded before."""
        ...

    async def revoke(self, freelancer_id: FreelancerId, step: StepId, at: datetime) -> None:
        """Revoke a completion, by staff; proofs from before that moment no longer count."""
        ...

    async def erase(self, freelancer_id: FreelancerId) -> None: ...


class ChatsReader(Protocol):
    async def get(self, chat_id: ChatId) -> Chat | None: ...

    async def of(self, freelancer_id: FreelancerId) -> Chat | None:
        """The chat linked to this freelancer; there is at most one."""
        ...


class Chats(ChatsReader, Protocol):
    async def save(self, chat: Chat) -> None:
        """Insert or replace. A second chat for one freelancer raises StaleStateError."""
        ...

    async def erase(self, chat_id: ChatId) -> None: ...


class LinksReader(Protocol):
    async def find(self, secret_hash: str) -> LinkOffer | None:
        """Find an offer by the hash of its token or short code."""
        ...

    async def offered(self, freelancer_id: FreelancerId) -> bool:
        """Whether a link was ever offered to this freelancer."""
        ...

    async def of(self, freelancer_id: FreelancerId) -> Sequence[LinkOffer]: ...


class Links(LinksReader, Protocol):
    async def add(self, offer: LinkOffer) -> None: ...

    async def use(self, offer: LinkOffer, at: datetime) -> None:
        """Mark an offer as used; StaleStateError if it was used meanwhile."""
        ...

    async def erase(self, freelancer_id: FreelancerId) -> None: ...


class Guesses(Protocol):
    """Wrong link codes, counted per anonymous key of the chat that tried them."""

    async def add(self, guesser: str, at: datetime) -> None: ...

    async def latest(
        self, count: int, since: datetime, *, guesser: str | None = None
    ) -> datetime | None:
        """The `count`th newest guess since then, of everybody or of one guesser; None if fewer.

        It takes a lock until the transaction ends: concurrent guesses wait.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRecord:
    """One number of a freelancer, with the times it was set, replaced and verified."""

    number: str
    set_at: datetime
    replaced_at: datetime | None
    verified_at: datetime | None


class NumbersReader(Protocol):
    """Phone numbers used for verification; each freelancer has one current number."""

    async def current(self, freelancer_id: FreelancerId) -> str | None:
        """The current number in E.164, or the raw text on record if it cannot be parsed."""
        ...

    async def verified_by(self, key: NumberKey) -> FreelancerId | None: ...

    async def all(self, freelancer_id: FreelancerId) -> Sequence[NumberRecord]:
        """Every number the freelancer had, oldest first."""
        ...


class Numbers(NumbersReader, Protocol):
    async def set_current(
        self, freelancer_id: FreelancerId, number: str, key: NumberKey | None, at: datetime
    ) -> None: ...

    async def mark_verified(
        self, freelancer_id: FreelancerId, key: NumberKey, at: datetime
    ) -> None:
        """Mark a number as verified; StaleStateError if another account verified it meanwhile."""
        ...

    async def clear_verified(self, freelancer_id: FreelancerId) -> None:
        """Mark none of the freelancer's numbers as verified."""
        ...

    async def erase(self, freelancer_id: FreelancerId) -> None: ...


class LivingMessagesReader(Protocol):
    """Living messages: one message per chat and matter, edited in place; read-only."""

    async def get(self, chat_id: ChatId, matter: str) -> int | None:
        """Bot API `message_id` of the living message for a matter; None if there is none."""
        ...


class LivingMessages(LivingMessagesReader, Protocol):
    async def put(self, chat_id: ChatId, matter: str, message_id: int) -> None: ...

    async def remove(self, chat_id: ChatId, matter: str) -> None: ...

    async def erase(self, chat_id: ChatId) -> None: ...
