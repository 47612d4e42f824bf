"""Client addresses behind trusted proxies, from `X-Forwarded-For`."""

from collections.abc import Collection, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

from aiohttp import web

IpAddress: TypeAlias = IPv4Address | IPv6Address

ONE_LINE = 64
"""Prefix bits of an IPv6 address that identify a client; it chooses the rest freely."""
MOST_HOPS = 20
"""Addresses of `X-Forwarded-For` that are read, from the right."""


class Proxies:
    """Trusted proxies; `X-Forwarded-For` is believed only as far as they wrote it."""

    def __init__(self, trusted: Collection[IPv4Network | IPv6Network]) -> None:
        self._trusted = trusted

    def trusts(self, peer: str) -> bool:
        """Whether this address is a trusted proxy's."""
        found = _address(peer)
        return found is not None and self._is_trusted(found)

    def caller(self, request: web.Request) -> str:
        """Client address: the right-most one that is not a trusted proxy's.

        If all are, that of the farthest proxy.
        """
        nearest = request.remote or ""
        for hop in _hops(request.headers.getall("X-Forwarded-For", ())):
            if not self.trusts(nearest) or _address(hop) is None:
                break
            nearest = hop
        return nearest

    def _is_trusted(self, address: IpAddress) -> bool:
        return any(address in network for network in self._trusted)


def group_of(peer: str) -> str:
    """Rate limiter key of an address: IPv6 addresses are reduced to their first 64 bits."""
    found = _address(peer)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, ONE_LINE), strict=False))
    return peer if found is None else str(found)


def _hops(headers: Sequence[str]) -> list[str]:
    """Addresses from right to left, since each proxy appends its client."""
    parts = ",".join(headers).rsplit(",", MOST_HOPS)[-MOST_HOPS:]
    return [part.strip() for part in reversed(parts)]


def _address(text: str) -> IpAddress | None:
    """Parse an address, with or without port; IPv4-mapped IPv6 becomes IPv4."""
    host = text[1:].partition("]")[0] if text.startswith("[") else text
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        found = ip_address(host)
    except ValueError:
        return None
    return (isinstance(found, IPv6Address) and found.ipv4_mapped) or found
