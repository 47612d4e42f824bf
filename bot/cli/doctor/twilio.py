"""Doctor check of the Twilio account."""

from bot.gateways.twilio.client import REFUSED, TwilioCalls
from bot.settings import Settings


async def trouble(settings: Settings) -> str | None:
    """What keeps the account from placing calls; None if it may."""
    async with TwilioCalls(settings) as calls:
        status = await calls.status()
    match status:
        case "active":
            return None
        case None:
            return f"{settings.twilio_api} says nothing of the account: can it be reached?"
        case _ if status == REFUSED:
            return "Twilio refuses HELPDESK_TWILIO_ACCOUNT_SID with HELPDESK_TWILIO_AUTH_TOKEN"
        case _:
            return f"the account is {status}: see Twilio's console"
