"""Twilio's request signature, as the provider makes it."""

import base64
import hashlib
import hmac
from collections.abc import Iterable

Pairs = Iterable[tuple[str, str]]


def sign(auth_token: str, url: str, parameters: Pairs) -> str:
    """Value of `X-Twilio-Signature`: base64 of HMAC-SHA1 over URL and sorted parameters.

    A repeated parameter contributes its distinct values, sorted. The URL has its query but no
    fragment, unchanged.
    """
    values: dict[str, set[str]] = {}
    for name, value in parameters:
        values.setdefault(name, set()).add(value)
    signed = url + "".join(name + each for name in sorted(values) for each in sorted(values[name]))
    digest = hmac.new(auth_token.encode(), signed.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
