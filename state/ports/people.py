"""Records about people: accounts, chats, links, numbers, living messages."""

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

    async def struck(self, freelancer_id: FreelancerId) -> Mapping[StepId, datetime]:
        """Steps that were struck out and not done since, with the moment."""
        ...

    async def with_number(self, number: str) -> Sequence[Account]:
        """Accounts whose number on record may be this one: E.164, or however it was written."""
        ...


class Accounts(AccountsReader, Protocol):
    async def put(self, account: Account) -> bool:
        """Keep the snapshot; False, and nothing changed, if the one held is as new or newer."""
        ...

    async def complete(self, freelancer_id: FreelancerId, completion: Completion) -> bool:
        """Record a step as done for good; False if it was recorded before."""
        ...

    async def withdraw(self, freelancer_id: FreelancerId, step: StepId, at: datetime) -> None:
        """Strike a completion out, by a person's decision; proofs from before then don't count."""
        ...

    async def erase(self, freelancer_id: FreelancerId) -> None: ...


class ChatsReader(Protocol):
    async def get(self, chat_id: ChatId) -> Chat | None: ...

    async def of(self, freelancer_id: FreelancerId) -> Chat | None:
        """The one chat linked to this freelancer."""
        ...


class Chats(ChatsReader, Protocol):
    async def save(self, chat: Chat) -> None:
        """Insert or replace. A second chat for one freelancer raises StaleStateError."""
        ...

    async def erase(self, chat_id: ChatId) -> None: ...


class LinksReader(Protocol):
    async def find(self, secret_hash: str) -> LinkOffer | None:
        """By the hash of the token or of the short code."""
        ...

    async def offered(self, freelancer_id: FreelancerId) -> bool:
        """Whether a link was ever offered for this freelancer."""
        ...

    async def of(self, freelancer_id: FreelancerId) -> Sequence[LinkOffer]: ...


class Links(LinksReader, Protocol):
    async def add(self, offer: LinkOffer) -> None: ...

    async def use(self, offer: LinkOffer, at: datetime) -> None:
        """Mark as used; StaleStateError if somebody used it first."""
        ...

    async def erase(self, freelancer_id: FreelancerId) -> None: ...


class Guesses(Protocol):
    """Codes that were tried and don't exist, by whom: a key, which names nobody."""

    async def add(self, guesser: str, at: datetime) -> None: ...

    async def latest(
        self, count: int, since: datetime, *, guesser: str | None = None
    ) -> datetime | None:
        """The `count`th newest guess since then, of everybody or of one; None if there are fewer.

        Whoever asks is about to guess; others wait until that is decided.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRecord:
    number: str
    set_at: datetime
    replaced_at: datetime | None
    verified_at: datetime | None


class NumbersReader(Protocol):
    """Phone numbers in use for verification; one current number a freelancer."""

    async def current(self, freelancer_id: FreelancerId) -> str | None:
        """E.164 (or the raw text on record, if the marketplace's number cannot be parsed)."""
        ...

    async def verified_by(self, key: NumberKey) -> FreelancerId | None: ...

    async def all(self, freelancer_id: FreelancerId) -> Sequence[NumberRecord]:
        """Every number they had, in the order in which they came."""
        ...


class Numbers(NumbersReader, Protocol):
    async def set_current(
        self, freelancer_id: FreelancerId, number: str, key: NumberKey | None, at: datetime
    ) -> None: ...

    async def mark_verified(
        self, freelancer_id: FreelancerId, key: NumberKey, at: datetime
    ) -> None:
        """StaleStateError if the number became verified on another account meanwhile."""
        ...

    async def clear_verified(self, freelancer_id: FreelancerId) -> None:
        """None of their numbers counts as verified any more."""
        ...

    async def erase(self, freelancer_id: FreelancerId) -> None: ...


class LivingMessagesReader(Protocol):
    async def get(self, chat_id: ChatId, matter: str) -> int | None:
        """Bot API `message_id`."""
        ...


class LivingMessages(LivingMessagesReader, Protocol):
    async def put(self, chat_id: ChatId, matter: str, message_id: int) -> None: ...

    async def remove(self, chat_id: ChatId, matter: str) -> None: ...

    async def erase(self, chat_id: ChatId) -> None: ...
