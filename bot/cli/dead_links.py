"""`helpdesk check --links`: request each URL in the articles and report the dead ones."""

import asyncio
from collections.abc import Callable, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import TypeAlias

import aiohttp

from knowledge.library.document import Finding
from knowledge.library.links import addresses
from knowledge.library.loader import read_folder

PATIENCE = 10.0
"""Timeout for one URL, seconds."""
AT_ONCE = 4
"""Requests in parallel."""
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
"""Statuses that mean a dead link; others, such as 403, may only refuse programs."""


ProxyFor: TypeAlias = Callable[[str], str | None]
"""The proxy for requests to a URL, if any."""


async def dead_links(folder: Path, proxy_for: ProxyFor = lambda _: None) -> list[str]:
    """One line per place in the articles that names a dead URL."""
    documents, _ = read_folder(folder)
    named = [
        (one.url, document.finding(one.line, ""))
        for document in documents
        for one in addresses(document)
    ]
    why = await _asked(sorted({url for url, _ in named}), proxy_for)
    return [
        str(Finding(path=at.path, line=at.line, message=f"link: {url} {why[url]}"))
        for url, at in named
        if why[url]
    ]


async def _asked(urls: Sequence[str], proxy_for: ProxyFor) -> dict[str, str]:
    """By URL, why it is dead; empty for a live one."""
    turns = asyncio.Semaphore(AT_ONCE)
    patience = aiohttp.ClientTimeout(total=PATIENCE)
    async with aiohttp.ClientSession(timeout=patience) as session:
        found = await asyncio.gather(*(_why(session, turns, one, proxy_for) for one in urls))
    return dict(zip(urls, found, strict=True))


async def _why(
    session: aiohttp.ClientSession, turns: asyncio.Semaphore, url: str, proxy_for: ProxyFor
) -> str:
    async with turns:
        try:
            async with session.get(url, proxy=proxy_for(url)) as answer:
                return f"answers {answer.status}" if answer.status in _GONE else ""
        except TimeoutError:
            return f"does not answer within {PATIENCE:g} seconds"
        except (aiohttp.ClientError, ValueError) as error:
            return f"can't be reached: {str(error) or type(error).__name__}"
