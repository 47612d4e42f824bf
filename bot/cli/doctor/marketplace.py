"""Doctor checks of the marketplace: pulling accounts, posting events, undelivered events."""

from collections.abc import AsyncIterator, Sequence
from urllib.parse import urlsplit

from bot.articles.marketplace import load_policy
from bot.gateways.clock import SystemClock
from bot.gateways.marketplace.client import platform_api
from bot.settings import Settings, SettingsError, require
from state.model.account import FreelancerId
from state.ports import Loss, NotReached

NOBODY = FreelancerId("helpdesk-doctor")
"""An account id that can't exist, requested to see whether the marketplace's API answers."""


async def lines(settings: Settings) -> AsyncIterator[str]:
    """One line each for pulling accounts and posting events."""
    yield await _pulling(settings)
    yield _telling(settings)


async def _pulling(settings: Settings) -> str:
    if settings.platform_url is None:
        return "ok      accounts: as they are pushed, since HELPDESK_PLATFORM_URL is not set"
    try:
        require(settings, "platform_token")
        async with platform_api(settings, load_policy(settings), SystemClock()) as api:
            found = await api.read(NOBODY)
    except SettingsError as error:
        return f"wrong   accounts can't be pulled: {error}"
    if isinstance(found, NotReached):
        return (
            f"wrong   accounts can't be pulled from {settings.platform_url}: {found.reason}; "
            "is HELPDESK_PLATFORM_TOKEN one that it takes?"
        )
    return f"ok      accounts: pulled from {settings.platform_url}"


def _telling(settings: Settings) -> str:
    if settings.events_url is None:
        return "ok      events: off, since HELPDESK_EVENTS_URL is not set"
    try:
        require(settings, "events_secret")
    except SettingsError as error:
        return f"wrong   events can't be signed: {error}"
    receiver = urlsplit(settings.events_url.get_secret_value())
    return f"ok      events: posted to {receiver.scheme}://{receiver.netloc}"


def untold(lost: Sequence[Loss]) -> str:
    """The line about events whose delivery was given up."""
    last = lost[-1]
    count = "1 event was" if len(lost) == 1 else f"{len(lost)} events were"
    return (
        f"wrong   {count} never taken by the marketplace, the last on "
        f"{last.at:%d %b %Y} ({last.reason}): mend its receiver, and read the accounts anew "
        "with GET /api/v1/freelancers/{id}"
    )
