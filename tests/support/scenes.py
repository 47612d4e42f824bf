"""Builds the real bot with its web server on a real database, with the outside world faked."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from aiohttp.test_utils import TestClient, TestServer

from bot.build import CALL_PROVIDERS, assemble, call_provider, code_channel
from bot.context import open_desk
from bot.gateways.marketplace.webhooks import WebhookSender
from bot.gateways.ports import CallProviders
from bot.gateways.telegram_login import TelegramLogin
from bot.outgoing.build import ExternalClients
from bot.settings import Settings, load_settings
from bot.telemetry.monitor import Monitor
from bot.web.server import application
from knowledge.library.loader import shipped_folder
from state.ports import Marketplace
from tests.architecture.source import ROOT
from tests.support.chat import ANN, API_TOKEN, BOB, Scene
from tests.support.fakes import FakeClock
from tests.support.gateway import TOKEN as GATEWAY_TOKEN
from tests.support.gateway import Gateway
from tests.support.phone import AUTH_TOKEN, CALLER, PUBLIC_URL, SID, Provider
from tests.support.telegram import RecordedTelegram

TOKEN = "42:test"
WEBHOOK_SECRET = "webhook-secret"
USERNAME = "test_desk_bot"
SHELF = ("basic-profile-information", "reach-80-percent-profile", "verify-phone-number")
"""The articles that steps refer to: few, so that a scene opens fast."""


def few_articles(at: Path) -> Path:
    """A folder with some of the shipped articles, without relations to others."""
    shipped = shipped_folder() / "en"
    (at / "en").mkdir(parents=True)
    (at / "en" / "categories.yaml").write_text("- Profile\n- Verification\n", encoding="utf-8")
    for slug in SHELF:
        text = (shipped / f"{slug}.md").read_text(encoding="utf-8")
        alone = re.sub(r"related:\n(  - .*\n)+", "related: []\n", text)
        (at / "en" / f"{slug}.md").write_text(alone, encoding="utf-8")
    return at


def changed_policy(folder: Path, **values: int | str) -> Path:
    """The shipped policy with other values for some keys."""
    text = (ROOT / "state/policy.toml").read_text(encoding="utf-8")
    for name, value in values.items():
        text = re.sub(rf"(?m)^{name} = \S+", f"{name} = {value}", text)
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return path


def settings_for(url: str, **changes: object) -> Settings:
    return load_settings(
        _env_file=None,
        **{
            "token": TOKEN,
            "database_url": url,
            "public_url": PUBLIC_URL,
            "webhook_secret": WEBHOOK_SECRET,
            "api_tokens": API_TOKEN,
            "peppers": "test:" + "ab" * 32,
            "voice": "twilio",
            "twilio_account_sid": SID,
            "twilio_auth_token": AUTH_TOKEN,
            "twilio_from": CALLER,
            "call_regions": "US,GB,GG,DE",
            "brand": "Test Desk",
            "read_rate_person": 0,
            "reply_delay": 0,
            "staff": f"{ANN}:lead,{BOB}:agent",
            **changes,
        },
    )


@asynccontextmanager
async def opened_scene(
    url: str,
    *,
    folder: Path,
    marketplace: Marketplace | None = None,
    post: WebhookSender | None = None,
    clock: FakeClock | None = None,
    gateway: Gateway | None = None,
    login: TelegramLogin | None = None,
    providers: CallProviders = CALL_PROVIDERS,
    **changes: object,
) -> AsyncIterator[Scene]:
    """Open a scene on the database at `url`; checks every Bot API call when it closes.

    `folder`: for articles.
    """
    provider, telegram, clock = Provider(), RecordedTelegram(), clock or FakeClock()
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(TestServer(provider.application()))
        shelf = (
            {"articles": few_articles(folder / "articles")} if "articles" not in changes else {}
        )
        line = f"http://127.0.0.1:{server.port}"
        messages = await _gateway_settings(gateway, stack)
        settings = settings_for(url, **{"twilio_api": line, **shelf, **messages, **changes})
        desk = await stack.enter_async_context(open_desk(settings, clock=clock))
        calls, codes = call_provider(settings, providers), code_channel(settings)
        outside = ExternalClients(
            api=telegram,
            username=USERNAME,
            calls=calls and await stack.enter_async_context(calls),
            codes=codes and await stack.enter_async_context(codes),
            marketplace=marketplace,
            webhooks=post,
            login=login,
        )
        parts = assemble(desk, outside, Monitor(clock))
        app = TestServer(
            application(parts.web_routes.routes(), requested=parts.monitor.count_request)
        )
        door = await stack.enter_async_context(TestClient(app))
        yield Scene(parts=parts, telegram=telegram, clock=clock, provider=provider, door=door)
    assert telegram.faults == []


async def _gateway_settings(gateway: Gateway | None, stack: AsyncExitStack) -> dict[str, object]:
    if gateway is None:
        return {}
    server = await stack.enter_async_context(TestServer(gateway.application()))
    return {"gateway_token": GATEWAY_TOKEN, "gateway_api": f"http://127.0.0.1:{server.port}"}
