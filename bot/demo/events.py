"""Tells every open page what happens in the demo's world."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias

PageEvent: TypeAlias = Mapping[str, Any]
"""A JSON object with a `type`; with a `chat` if it concerns one chat only."""


class Events:
    """Fans events out. A page that stopped reading does not hold up the others."""

    def __init__(self) -> None:
        self._readers: set[asyncio.Queue[PageEvent | None]] = set()

    def publish(self, event: PageEvent) -> None:
        for reader in self._readers:
            reader.put_nowait(event)

    @contextmanager
    def reading(self) -> Iterator[AsyncIterator[PageEvent]]:
        """Collects from the moment it is entered, so that nothing falls between two reads."""
        reader: asyncio.Queue[PageEvent | None] = asyncio.Queue()
        self._readers.add(reader)
        try:
            yield self._drain(reader)
        finally:
            self._readers.discard(reader)

    def close(self) -> None:
        """End every reading, so that open pages don't keep the server alive."""
        for reader in self._readers:
            reader.put_nowait(None)

    @staticmethod
    async def _drain(reader: asyncio.Queue[PageEvent | None]) -> AsyncIterator[PageEvent]:
        while (event := await reader.get()) is not None:
            yield event
