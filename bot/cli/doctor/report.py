"""`helpdesk doctor`: run all checks; one line each, with the remedy."""

from collections.abc import AsyncIterator
from difflib import get_close_matches

from bot.articles.catalogue import compares, load_languages, reads_languages
from bot.articles.marketplace import load_policy
from bot.cli.check import lint
from bot.cli.doctor import calls, machine, marketplace
from bot.cli.doctor import telegram as messenger
from bot.context import database_report
from bot.gateways.clock import SystemClock
from bot.settings import (
    PREFIX,
    Settings,
    SettingsError,
    check_public_url,
    require,
    unknown_variables,
)

OK = "ok"


async def examine(settings: Settings) -> list[str]:
    """Run all checks; lines that start with `ok`, or with the kind of fault."""
    return [line async for line in _lines(settings)]


async def _lines(settings: Settings) -> AsyncIterator[str]:
    called = await calls.line(settings)  # first: registers the provider's own variables
    for name in unknown_variables():
        yield _unknown(name)
    yield _setting(settings, "token", "the bot can't run")
    yield _setting(settings, "peppers", "no code can be made, so the bot won't start")
    if settings.public_url:
        yield _setting(settings, "webhook_secret", "Telegram's updates could be forged")
        yield _public_url(settings)
    yield called
    async for line in marketplace.lines(settings):
        yield line
    yield _rules(settings)
    yield _articles(settings)
    yield _answers(settings)
    async for line in _database(settings):
        yield line
    for line in machine.lines(settings):
        yield line
    if settings.token:
        async for line in messenger.lines(settings, SystemClock().now()):
            yield line


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


def _public_url(settings: Settings) -> str:
    try:
        check_public_url(settings)
    except SettingsError as error:
        return f"wrong   {error}"
    return f"{OK}      HELPDESK_PUBLIC_URL: {settings.public_url}"


def _missing(error: SettingsError) -> str:
    return "missing " + str(error).replace(" is missing:", ":")


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


def _answers(settings: Settings) -> str:
    """What questions are compared by; a missing extra is no fault."""
    if not compares(settings):
        missing = _unless_wanted(settings, "semantic", wanted="words")
        return f"{OK}      answers: by words alone{missing}"
    if not reads_languages(settings):
        missing = _unless_wanted(settings, "multilingual", wanted="english")
        return f"{OK}      answers: by meaning in English, by words in other languages{missing}"
    try:
        load_languages(settings)
    except SettingsError as error:
        return f"wrong   {error}"
    return f"{OK}      answers: by meaning, in all languages"


def _unless_wanted(settings: Settings, extra: str, *, wanted: str) -> str:
    if settings.answers == wanted:
        return f", as HELPDESK_ANSWERS={wanted} says"
    return f"; more with pip install 'helpdesk[{extra}]'"


async def _database(settings: Settings) -> AsyncIterator[str]:
    try:
        found = await database_report(settings)
    except SettingsError as error:
        yield f"wrong   {error}"
        return
    yield f"{OK}      database: {found.words}"
    if found.lost:
        yield marketplace.untold(found.lost)
