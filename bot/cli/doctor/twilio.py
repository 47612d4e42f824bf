"""The call provider's account, as the doctor finds it."""

from bot.gateways.twilio.client import REFUSED, TwilioCalls
from bot.settings import Settings, SettingsError, require


async def line(settings: Settings) -> str:
    if settings.voice == "none":
        return "ok      calls: off, since HELPDESK_VOICE is none"
    try:
        require(settings, "public_url", "twilio_account_sid", "twilio_auth_token", "twilio_from")
    except SettingsError as error:
        told = str(error).replace(" is missing:", ":")
        return f"missing {told} Without it no calls are placed."
    trouble = _trouble(settings, await _status(settings))
    if trouble:
        return f"wrong   calls: {trouble}"
    return f"ok      calls: by Twilio, to {', '.join(settings.call_regions)}"


async def _status(settings: Settings) -> str | None:
    token = settings.twilio_auth_token.get_secret_value() if settings.twilio_auth_token else ""
    async with TwilioCalls(
        base_url=settings.twilio_api,
        account_sid=settings.twilio_account_sid or "",
        auth_token=token,
        caller=settings.twilio_from or "",
    ) as calls:
        return await calls.status()


def _trouble(settings: Settings, status: str | None) -> str | None:
    """None if the account may call."""
    match status:
        case "active":
            return None
        case None:
            return f"{settings.twilio_api} says nothing of the account: can it be reached?"
        case _ if status == REFUSED:
            return "Twilio refuses HELPDESK_TWILIO_ACCOUNT_SID with HELPDESK_TWILIO_AUTH_TOKEN"
        case _:
            return f"the account is {status}: see Twilio's console"
