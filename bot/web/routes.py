"""All routes of the public web application, as the settings enable them."""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from bot.articles.catalogue import ArticleReloader, articles_folder
from bot.context import Desk
from bot.gateways.ports import CallProvider, CodeChannel
from bot.gateways.telegram_login import TelegramLogin
from bot.presentation.links import deep_link
from bot.presentation.speech import Speaker
from bot.presentation.templates import Templating
from bot.settings import Settings
from bot.web import telegram
from bot.web.calls import CallHooks
from bot.web.code_messages import MessageHook
from bot.web.marketplace import BearerAuth, Platform
from bot.web.proxies import Proxies
from bot.web.staff.context import StaffContext
from bot.web.staff.pages import Assets, Pages
from bot.web.staff.routes import staff_routes


@dataclass(frozen=True, slots=True, kw_only=True)
class WebRoutes:
    """Builds the routes of marketplace API, webhooks and staff pages."""

    desk: Desk
    username: str
    take: telegram.Take
    calls: CallProvider | None
    codes: CodeChannel | None
    templating: Templating
    reloader: ArticleReloader
    login: TelegramLogin | None
    wake_outbox: Callable[[], None]

    def routes(self) -> list[web.RouteDef]:
        """The routes that the settings enable."""
        settings = self.desk.settings
        tokens = [token.get_secret_value() for token in settings.api_tokens]
        guard = BearerAuth(tokens, rate=settings.api_rate, clock=self.desk.clock)
        found = self._platform().routes(guard)
        if self.calls:
            found += self._call_hooks(self.calls).routes()
        if settings.public_url and self.codes:
            found += self._message_hook(self.codes).routes()
        if settings.public_url:
            found += telegram.routes(self.take, webhook_secret(settings))
        if settings.staff_address:
            found += self._staff(settings, settings.staff_address)
        return found

    def _staff(self, settings: Settings, address: str) -> list[web.RouteDef]:
        assets = Assets()
        staff_context = StaffContext(
            records=self.desk.heavy_records,
            wake_outbox=self.wake_outbox,
            clock=self.desk.clock,
            policy=self.desk.policy,
            office=settings.office,
            pages=Pages(brand=settings.brand, assets=assets),
            content=lambda: self.reloader.content,
            address=address,
        )
        return staff_routes(
            staff_context,
            assets,
            templating=self.templating,
            articles=articles_folder(settings),
            dice=self.desk.dice,
            login=self.login,
            proxies=Proxies(settings.trusted_proxies),
        )

    def _platform(self) -> Platform:
        return Platform(
            transact=self.desk.database.transact,
            make_use_cases=self.desk.use_cases,
            plans=frozenset(plan.id for plan in self.desk.policy.plans),
            link_url=lambda token: deep_link(self.username, token),
            wake_outbox=self.wake_outbox,
        )

    def _message_hook(self, channel: CodeChannel) -> MessageHook:
        return MessageHook(
            transact=self.desk.database.transact,
            make_use_cases=self.desk.use_cases,
            clock=self.desk.clock,
            channel=channel,
            wake_outbox=self.wake_outbox,
        )

    def _call_hooks(self, provider: CallProvider) -> CallHooks:
        return CallHooks(
            transact=self.desk.database.transact,
            make_use_cases=self.desk.use_cases,
            clock=self.desk.clock,
            provider=provider,
            speaker=Speaker(self.templating),
            wake_outbox=self.wake_outbox,
        )


def webhook_secret(settings: Settings) -> str:
    """Secret token of Telegram's webhook in plain text; empty if none is set."""
    return settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
