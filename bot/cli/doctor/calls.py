"""Doctor check of the call provider."""

from collections.abc import Awaitable, Callable, Mapping

from bot.cli.doctor import twilio
from bot.gateways.ports import CallProviders
from bot.settings import NO_CALLS, Settings, SettingsError

CHECKS: Mapping[str, Callable[[Settings], Awaitable[str | None]]] = {"twilio": twilio.trouble}
"""By provider name: what is wrong with the account; None if nothing is."""


async def line(settings: Settings, providers: CallProviders | None = None) -> str:
    """Result of the check; `providers` defaults to those of `bot.build`."""
    if settings.voice == NO_CALLS:
        return f"ok      calls: off, since HELPDESK_VOICE is {NO_CALLS}"
    from bot.build import CALL_PROVIDERS, call_provider  # noqa: PLC0415 - brings the whole bot

    try:
        call_provider(settings, providers or CALL_PROVIDERS)
    except SettingsError as error:
        if " is missing:" not in str(error):
            return f"wrong   calls: {error}"
        told = str(error).replace(" is missing:", ":")
        return f"missing {told} Without it no calls are placed."
    check = CHECKS.get(settings.voice)
    trouble = await check(settings) if check else None
    if trouble:
        return f"wrong   calls: {trouble}"
    return f"ok      calls: by {settings.voice.title()}, to {', '.join(settings.call_regions)}"
