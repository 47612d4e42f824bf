"""Records about people: accounts, chats, links, numbers, living messages."""

from datetime import datetime
from typing import Protocol

from state.model.account import Account, Completion, FreelancerId
from state.model.chat import Chat, ChatId, LinkOffer
from state.model.verification import NumberKey


class Accounts(Protocol):
    async def get(self, freelancer_id: FreelancerId) -> Account | None: ...

    async def put(self, account: Account) -> bool:
        """Keep the snapshot; False, and nothing changed, if the one held is as new or newer."""
        ...

    async def completions(self, freelancer_id: FreelancerId) -> tuple[Completion, ...]: ...

    async def complete(self, freelancer_id: FreelancerId, completion: Completion) -> bool:
        """Record a step as done for good; False if it was recorded before."""
        ...


class Chats(Protocol):
    async def get(self, chat_id: ChatId) -> Chat | None: ...

    async def of(self, freelancer_id: FreelancerId) -> Chat | None:
        """The one chat linked to this freelancer."""
        ...

    async def save(self, chat: Chat) -> None:
        """Insert or replace. A second chat for one freelancer raises StaleStateError."""
        ...


class Links(Protocol):
    async def add(self, offer: LinkOffer) -> None: ...

    async def find(self, secret_hash: str) -> LinkOffer | None:
        """By the hash of the token or of the short code."""
        ...

    async def use(self, offer: LinkOffer, at: datetime) -> None:
        """Mark as used; StaleStateError if somebody used it first."""
        ...

    async def offered(self, freelancer_id: FreelancerId) -> bool:
        """Whether a link was ever offered for this freelancer."""
        ...


class Numbers(Protocol):
    """Phone numbers in use for verification; one current number a freelancer."""

    async def current(self, freelancer_id: FreelancerId) -> str | None:
        """E.164 (or the raw text on record, if the marketplace's number cannot be parsed)."""
        ...

    async def set_current(
        self, freelancer_id: FreelancerId, number: str, key: NumberKey | None, at: datetime
    ) -> None: ...

    async def mark_verified(
        self, freelancer_id: FreelancerId, key: NumberKey, at: datetime
    ) -> None:
        """StaleStateError if the number became verified on another account meanwhile."""
        ...

    async def verified_by(self, key: NumberKey) -> FreelancerId | None: ...


class LivingMessages(Protocol):
    async def get(self, chat_id: ChatId, matter: str) -> int | None:
        """Bot API `message_id`."""
        ...

    async def put(self, chat_id: ChatId, matter: str, message_id: int) -> None: ...
