"""Broadcasts events of the demo to all open pages."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias

PageEvent: TypeAlias = Mapping[str, Any]
"""A JSON object with a `type`; with a `chat` if it concerns one chat only."""


class Events:
    """Publish/subscribe with one queue per page, so that a slow page delays no other."""

    def __init__(self) -> None:
        self._readers: set[asyncio.Queue[PageEvent | None]] = set()

    def publish(self, event: PageEvent) -> None:
        """Add the event to every page's queue."""
        for reader in self._readers:
            reader.put_nowait(event)

    @contextmanager
    def reading(self) -> Iterator[AsyncIterator[PageEvent]]:
        """Subscribe while the context is open; yields the events from then on."""
        reader: asyncio.Queue[PageEvent | None] = asyncio.Queue()
        self._readers.add(reader)
        try:
            yield self._drain(reader)
        finally:
            self._readers.discard(reader)

    def close(self) -> None:
        """End all subscriptions, so that open pages don't keep the server running."""
        for reader in self._readers:
            reader.put_nowait(None)

    @staticmethod
    async def _drain(reader: asyncio.Queue[PageEvent | None]) -> AsyncIterator[PageEvent]:
        while (event := await reader.get()) is not None:
            yield event
