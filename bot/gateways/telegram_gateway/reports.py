"""Signed reports of the Telegram Gateway on messages that hold a code.

Source: Telegram Gateway API, "Report delivery".
"""

import hashlib
import hmac
import json
from dataclasses import dataclass

from bot.storable_text import storable_json
from state.model.verification import SessionId

ROUTE = "/hooks/telegram-gateway"


def report_address(public_url: str | None) -> str | None:
    """None: nobody can report to a desk without an address."""
    return None if public_url is None else f"{public_url}{ROUTE}"


def report_signature(token: str, timestamp: str, body: bytes) -> str:
    """Hex of HMAC-SHA-256 under the token's raw SHA-256. Source: Telegram Gateway, reports."""
    key = hashlib.sha256(token.encode()).digest()
    return hmac.digest(key, timestamp.encode() + b"\n" + body, "sha256").hex()


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What the Gateway says of one message."""

    session_id: SessionId
    """Sent along with the message, and given back with every report on it."""
    request_id: str
    status: str
    updated_at: str


def read_report(body: bytes) -> DeliveryReport | None:
    """None: no report on a delivery, which is no fault."""
    try:
        found = storable_json(json.loads(body))
        delivery = found["delivery_status"]
        return DeliveryReport(
            SessionId(str(found["payload"])),
            str(found["request_id"]),
            str(delivery["status"]),
            str(delivery["updated_at"]),
        )
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
