"""Validates requests for a call as strictly as the provider.

ProviderError    the request is refused; no call is made
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlsplit

E164 = re.compile(r"\+[1-9]\d{6,14}")
HOST = re.compile(r"[A-Za-z0-9.-]+")
EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
KNOWN = frozenset(
    {
        "To",
        "From",
        "Url",
        "Method",
        "Twiml",
        "FallbackUrl",
        "FallbackMethod",
        "StatusCallback",
        "StatusCallbackMethod",
        "StatusCallbackEvent",
        "Timeout",
        "TimeLimit",
        "Record",
        "MachineDetection",
    }
)
Form: TypeAlias = Mapping[str, tuple[str, ...]]
"""Values of each parameter, in order of arrival."""


class ProviderError(Exception):
    """A refusal with HTTP status and the provider's error number."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def body(self) -> dict[str, object]:
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOrder:
    """A validated request for a call."""

    to: str
    caller: str
    url: str
    method: str
    twiml: str
    fallback_url: str
    fallback_method: str
    status_url: str
    status_method: str
    events: frozenset[str]
    ring_seconds: int
    talk_seconds: int


def read_order(form: Form, own_numbers: frozenset[str]) -> CallOrder:
    """Validate the parameters; ProviderError for the first fault."""
    _only_known(form)
    order = CallOrder(
        to=_called(_one(form, "To")),
        caller=_caller(_one(form, "From"), own_numbers),
        url=_address(_one(form, "Url"), 21205, "Url"),
        twiml=_one(form, "Twiml"),
        method=_method(form, "Method"),
        fallback_url=_address(_one(form, "FallbackUrl"), 21502, "FallbackUrl"),
        fallback_method=_method(form, "FallbackMethod"),
        status_url=_address(_one(form, "StatusCallback"), 21609, "StatusCallback"),
        status_method=_method(form, "StatusCallbackMethod"),
        events=_events(form),
        ring_seconds=_seconds(form, "Timeout", 60, 600),
        talk_seconds=_seconds(form, "TimeLimit", 14400, 14400),
    )
    if not order.url and not order.twiml:
        raise ProviderError(400, 21205, "Url parameter is required.")
    return order


def _one(form: Form, name: str) -> str:
    return form.get(name, ("",))[0]


def _only_known(form: Form) -> None:
    # The real provider ignores these; refusing them reveals a misspelt name.
    unknown = form.keys() - KNOWN
    if unknown:
        raise ProviderError(400, 20001, f"Unknown parameter: {min(unknown)}")


def _called(number: str) -> str:
    if not number:
        raise ProviderError(400, 21201, "No 'To' number is specified")
    if not E164.fullmatch(number):
        raise ProviderError(
            400, 21211, f"The phone number you are attempting to call, {number}, is not valid."
        )
    return number


def _caller(number: str, own_numbers: frozenset[str]) -> str:
    if not number:
        raise ProviderError(400, 21213, "No 'From' number is specified")
    if not E164.fullmatch(number):
        raise ProviderError(
            400, 21212, f"The 'From' phone number provided, {number}, is not valid"
        )
    if number not in own_numbers:
        raise ProviderError(
            400,
            21210,
            f"The source phone number provided, {number}, is not yet verified for your account.",
        )
    return number


def _address(url: str, code: int, name: str) -> str:
    if not url:
        return ""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not HOST.fullmatch(host):
        raise ProviderError(400, code, f"{name} is not a valid URL: {url}")
    return url


def _method(form: Form, name: str) -> str:
    method = _one(form, name).upper() or "POST"
    if method not in {"GET", "POST"}:
        raise ProviderError(400, 21403, f"{name} is not a valid HTTP method: {method}")
    return method


def _events(form: Form) -> frozenset[str]:
    events = frozenset(form.get("StatusCallbackEvent", ("completed",)))
    if events - EVENTS:
        raise ProviderError(
            400, 21626, f"StatusCallbackEvent is not supported: {min(events - EVENTS)}"
        )
    return events


def _seconds(form: Form, name: str, default: int, most: int) -> int:
    value = _one(form, name) or str(default)
    if not value.isdigit() or not 1 <= int(value) <= most:
        raise ProviderError(400, 20001, f"{name} must be between 1 and {most}")
    return int(value)
