"""What the contract tests need from a store, whatever it keeps its rows in."""

from typing import Protocol

from state.ports import InboxDoor, OutboxDoor, Transact


class Desk(Protocol):
    @property
    def transact(self) -> Transact: ...

    @property
    def inbox_door(self) -> InboxDoor: ...

    @property
    def outbox_door(self) -> OutboxDoor: ...
