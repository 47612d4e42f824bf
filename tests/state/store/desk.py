"""What the contract tests need from a store, whatever it keeps its rows in."""

from typing import Protocol

from state.ports import InboxQueue, OutboxQueue, Transact


class Desk(Protocol):
    @property
    def transact(self) -> Transact: ...

    @property
    def inbox_queue(self) -> InboxQueue: ...

    @property
    def outbox_queue(self) -> OutboxQueue: ...
