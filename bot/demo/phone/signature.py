"""Signs what the provider sends, so that the bot can tell it from anybody else's requests."""

import base64
import hashlib
import hmac
from collections.abc import Iterable

Pairs = Iterable[tuple[str, str]]


def sign(auth_token: str, url: str, parameters: Pairs) -> str:
    """Value of `X-Twilio-Signature`: the URL, then every name with its values, sorted.

    A repeated parameter counts once a different value, in order. The URL has its query and no
    fragment, exactly as it was given.
    """
    values: dict[str, set[str]] = {}
    for name, value in parameters:
        values.setdefault(name, set()).add(value)
    signed = url + "".join(name + each for name in sorted(values) for each in sorted(values[name]))
    digest = hmac.new(auth_token.encode(), signed.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
