"""The call provider, as the doctor finds it."""

from collections.abc import Awaitable, Callable, Mapping

from bot.build import call_provider
from bot.cli.doctor import twilio
from bot.settings import NO_CALLS, Settings, SettingsError

CHECKS: Mapping[str, Callable[[Settings], Awaitable[str | None]]] = {"twilio": twilio.trouble}
"""By the provider's name: what is wrong with the account, None if nothing is."""


async def line(settings: Settings) -> str:
    try:
        provider = call_provider(settings)
    except SettingsError as error:
        if " is missing:" not in str(error):
            return f"wrong   calls: {error}"
        told = str(error).replace(" is missing:", ":")
        return f"missing {told} Without it no calls are placed."
    if provider is None:
        return f"ok      calls: off, since HELPDESK_VOICE is {NO_CALLS}"
    check = CHECKS.get(provider.name)
    trouble = await check(settings) if check else None
    if trouble:
        return f"wrong   calls: {trouble}"
    return f"ok      calls: by {provider.name.title()}, to {', '.join(settings.call_regions)}"
