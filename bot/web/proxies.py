"""Whose address a request comes from, where proxies of ours stand in front of the port."""

from collections.abc import Collection, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

from aiohttp import web

IpAddress: TypeAlias = IPv4Address | IPv6Address

ONE_LINE = 64
"""Bits of an IPv6 address that a connection is given; the rest its owner chooses at will."""
MOST_HOPS = 20
"""Addresses of `X-Forwarded-For` that are read, from the right; no chain of proxies is longer."""


class Proxies:
    """`X-Forwarded-For` is believed only as far as these proxies have written it."""

    def __init__(self, trusted: Collection[IPv4Network | IPv6Network]) -> None:
        self._trusted = trusted

    def trusts(self, peer: str) -> bool:
        found = _address(peer)
        return found is not None and self._is_trusted(found)

    def caller(self, request: web.Request) -> str:
        """The right-most address that is not a trusted proxy's; a proxy's if all of them are."""
        nearest = request.remote or ""
        for hop in _hops(request.headers.getall("X-Forwarded-For", ())):
            if not self.trusts(nearest) or _address(hop) is None:
                break
            nearest = hop
        return nearest

    def _is_trusted(self, address: IpAddress) -> bool:
        return any(address in network for network in self._trusted)


def group_of(peer: str) -> str:
    """One name for all addresses that one caller may use: of IPv6 the first 64 bits."""
    found = _address(peer)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, ONE_LINE), strict=False))
    return peer if found is None else str(found)


def _hops(headers: Sequence[str]) -> list[str]:
    """From the right, as each proxy appended what it saw."""
    parts = ",".join(headers).rsplit(",", MOST_HOPS)[-MOST_HOPS:]
    return [part.strip() for part in reversed(parts)]


def _address(text: str) -> IpAddress | None:
    """With or without a port; IPv4 within IPv6 is IPv4."""
    host = text[1:].partition("]")[0] if text.startswith("[") else text
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        found = ip_address(host)
    except ValueError:
        return None
    return (isinstance(found, IPv6Address) and found.ipv4_mapped) or found
