"""Twilio's request signature, over the public URL and all form parameters."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence

_DEFAULT_PORTS = {"https": "443", "http": "80"}
_ADDRESS = re.compile(r"(https?)(://[^/]*?)(?::([0-9]+))?(/.*)", re.DOTALL)


def signature(token: str, url: str, parameters: Iterable[tuple[str, str]]) -> str:
    """Base64 of HMAC-SHA1 over the URL and the sorted parameters.

    A name that repeats contributes its distinct values, sorted. Source: Twilio, request
    validation.
    """
    values: dict[str, set[str]] = {}
    for name, value in parameters:
        values.setdefault(name, set()).add(value)
    text = url + "".join(name + value for name in sorted(values) for value in sorted(values[name]))
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def is_signed(
    given_signature: str, tokens: Sequence[str], url: str, parameters: Sequence[tuple[str, str]]
) -> bool:
    """Whether one of the account's tokens made this signature.

    The URL is tried with and without its port; compared in constant time.
    """
    expected = [
        signature(token, form, parameters) for token in tokens for form in _port_forms(url)
    ]
    matches = [
        hmac.compare_digest(given_signature.encode(errors="replace"), one.encode())
        for one in expected
    ]
    return any(matches)


def _port_forms(url: str) -> list[str]:
    """The URL without a port, and with its own or its scheme's default port.

    Twilio signs either form, of any port. Source: the validators in its client libraries.
    """
    parts = _ADDRESS.fullmatch(url)
    if parts is None:
        return [url]
    scheme, host, port, rest = parts.groups()
    return [f"{scheme}{host}{rest}", f"{scheme}{host}:{port or _DEFAULT_PORTS[scheme]}{rest}"]
