"""Telegram Gateway's signed delivery reports: verify and parse.

Source: Telegram Gateway API, "Report delivery".
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime

from bot.gateways.ports import ForgedRequestError, MessageReport
from bot.storable_text import storable_json
from state.model.channel import Reached
from state.model.verification import Ending, SessionId
from state.rules.call_events import CallEvent, HungUp, MessageReached

ROUTE = "/hooks/telegram-gateway"
OLDEST = 300
"""Largest difference between a report's time and our clock, seconds."""
_MEANINGS: Mapping[str, CallEvent] = {
    "sent": MessageReached(Reached.SENT),
    "delivered": MessageReached(Reached.DELIVERED),
    "read": MessageReached(Reached.READ),
    "expired": HungUp(Ending.NOT_DELIVERED),
}
"""Statuses that matter; "revoked" is our own doing, and unknown ones are ignored."""


def report_signature(token: str, timestamp: str, body: bytes) -> str:
    """Hex HMAC-SHA-256 of timestamp, newline and body; the key is the token's SHA-256."""
    key = hashlib.sha256(token.encode()).digest()
    return hmac.digest(key, timestamp.encode() + b"\n" + body, "sha256").hex()


def check_report(token: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """ForgedRequestError unless the signature is valid and the time within `OLDEST` of `now`."""
    timestamp = headers.get("X-Request-Timestamp", "")
    given = headers.get("X-Request-Signature", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < len(f"{10**12}")):
        raise ForgedRequestError
    expected = report_signature(token, timestamp, body)
    matches = hmac.compare_digest(given.encode(errors="replace"), expected.encode())
    if not matches or abs(now.timestamp() - int(timestamp)) > OLDEST:
        raise ForgedRequestError


def read_report(body: bytes) -> MessageReport | None:
    """Parse a report; None if the body is not a delivery report."""
    try:
        found = storable_json(json.loads(body))
        delivery, request_id = found["delivery_status"], str(found["request_id"])
        status = str(delivery["status"])
        return MessageReport(
            session_id=SessionId(str(found["payload"])),
            sid=request_id,
            key=f"{request_id}:{status}:{delivery['updated_at']}",
            happened=_MEANINGS.get(status),
        )
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
