"""The other sides of all call providers that there are; a new one adds a line."""

from collections.abc import Callable

from tests.support.phone import Provider
from tests.support.provider_protocols import Wire
from tests.support.sip.line import SipWire

WIRES: dict[str, Callable[[], Wire]] = {
    "twilio": Provider,
    "sip": SipWire,
}
