"""`helpdesk doctor`: what is missing or unreachable, one line each, and how to mend it."""

from collections.abc import AsyncIterator
from difflib import get_close_matches

from bot.commands import marketplace
from bot.commands.lint import lint
from bot.config import PREFIX, Settings, SettingsError, require, unknown_variables
from bot.desk import load_policy, open_desk
from bot.gateways.clock import SystemClock
from bot.gateways.telegram import BotApi, RefusedError, TelegramError
from state.model.work import Queue
from state.ports import StateError

OK = "ok"


async def examine(settings: Settings) -> list[str]:
    """Lines that start with `ok`, or with what is wrong."""
    return [line async for line in _lines(settings)]


async def _lines(settings: Settings) -> AsyncIterator[str]:
    for name in unknown_variables():
        yield _unknown(name)
    yield _setting(settings, "token", "the bot can't run")
    yield _setting(settings, "peppers", "no code can be made, so the bot won't start")
    if settings.public_url:
        yield _setting(settings, "webhook_secret", "Telegram's updates could be forged")
    else:
        yield f"{OK}      updates: polled, since HELPDESK_PUBLIC_URL is not set"
    yield _voice(settings)
    async for line in marketplace.lines(settings):
        yield line
    yield _rules(settings)
    yield _articles(settings)
    async for line in _database(settings):
        yield line
    if settings.token:
        yield await _telegram(settings)


def _unknown(name: str) -> str:
    known = [PREFIX + field.upper() for field in Settings.model_fields]
    likely = get_close_matches(name, known, n=1)
    return f"unknown {name} is no setting" + (f": is it {likely[0]}?" if likely else ".")


def _setting(settings: Settings, name: str, consequence: str) -> str:
    try:
        require(settings, name)
    except SettingsError as error:
        return f"{_missing(error)} Without it {consequence}."
    return f"{OK}      HELPDESK_{name.upper()}: set"


def _missing(error: SettingsError) -> str:
    return "missing " + str(error).replace(" is missing:", ":")


def _voice(settings: Settings) -> str:
    if settings.voice == "none":
        return f"{OK}      calls: off, since HELPDESK_VOICE is none"
    try:
        require(settings, "public_url", "twilio_account_sid", "twilio_auth_token", "twilio_from")
    except SettingsError as error:
        return f"{_missing(error)} Without it no calls are placed."
    return f"{OK}      calls: by Twilio, to {', '.join(settings.call_regions)}"


def _rules(settings: Settings) -> str:
    try:
        policy = load_policy(settings)
    except SettingsError as error:
        return f"wrong   {error}"
    return f"{OK}      policy: {len(policy.steps)} steps, {policy.allowance} Connects"


def _articles(settings: Settings) -> str:
    try:
        findings = lint(settings, SystemClock().now().date())
    except SettingsError:
        return "unknown articles: they are checked against the policy, which is wrong"
    if findings:
        return f"wrong   articles: {len(findings)} findings, see helpdesk check"
    return f"{OK}      articles: no findings"


async def _database(settings: Settings) -> AsyncIterator[str]:
    try:
        async with open_desk(settings) as desk:
            yield f"{OK}      database: reachable and up to date"
            if lost := await desk.database.outbox_door.losses(Queue.EVENTS):
                yield marketplace.untold(lost)
    except (SettingsError, StateError) as error:
        yield f"wrong   {error}"


async def _telegram(settings: Settings) -> str:
    token = settings.token.get_secret_value() if settings.token else ""
    try:
        async with BotApi(base_url=settings.telegram_api, token=token) as api:
            me = await api.call("getMe")
    except RefusedError:
        return "wrong   Telegram refuses HELPDESK_TOKEN: copy it again from @BotFather"
    except TelegramError as error:
        return f"wrong   Telegram can't be reached at {settings.telegram_api}: {error}"
    return f"{OK}      Telegram: this is @{me['username']}"
