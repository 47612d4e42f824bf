"""Signed reports of the Telegram Gateway on messages that hold a code.

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
"""Seconds that a report may be off our clock, either way."""
_MEANINGS: Mapping[str, CallEvent] = {
    "sent": MessageReached(Reached.SENT),
    "delivered": MessageReached(Reached.DELIVERED),
    "read": MessageReached(Reached.READ),
    "expired": HungUp(Ending.NOT_DELIVERED),
}
"""What we revoke ourselves is no news, and what is not known yet is none either."""


def report_signature(token: str, timestamp: str, body: bytes) -> str:
    """Hex of HMAC-SHA-256 under the token's raw SHA-256."""
    key = hashlib.sha256(token.encode()).digest()
    return hmac.digest(key, timestamp.encode() + b"\n" + body, "sha256").hex()


def check_report(token: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """ForgedRequestError unless the signature is right and the time is near."""
    timestamp = headers.get("X-Request-Timestamp", "")
    given = headers.get("X-Request-Signature", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < len(f"{10**12}")):
        raise ForgedRequestError
    expected = report_signature(token, timestamp, body)
    matches = hmac.compare_digest(given.encode(errors="replace"), expected.encode())
    if not matches or abs(now.timestamp() - int(timestamp)) > OLDEST:
        raise ForgedRequestError


def read_report(body: bytes) -> MessageReport | None:
    """None: no report on a delivery, which is no fault."""
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
