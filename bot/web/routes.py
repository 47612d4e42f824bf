"""The web application's doors, as the settings open them."""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from bot.articles.catalogue import Shelf, articles_folder
from bot.context import Desk
from bot.gateways.telegram_login import TelegramLogin
from bot.gateways.twilio.twiml import TwimlRenderer
from bot.presentation.links import deep_link
from bot.presentation.templates import Templating
from bot.settings import Settings
from bot.web import telegram
from bot.web.calls import CallHooks
from bot.web.marketplace import BearerAuth, Platform
from bot.web.proxies import Proxies
from bot.web.staff.context import StaffContext
from bot.web.staff.pages import Assets, Pages
from bot.web.staff.routes import staff_routes
from bot.web.telegram_gateway import GatewayHook


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """The marketplace's, the providers' and Telegram's."""

    desk: Desk
    username: str
    take: telegram.Take
    dialogue: TwimlRenderer
    templating: Templating
    shelf: Shelf
    login: TelegramLogin | None
    committed: Callable[[], None]

    def routes(self) -> list[web.RouteDef]:
        settings = self.desk.settings
        tokens = [token.get_secret_value() for token in settings.api_tokens]
        guard = BearerAuth(tokens, rate=settings.api_rate, clock=self.desk.clock)
        found = self._platform().routes(guard)
        if settings.calls_are_on:
            found += self._call_hooks(settings).routes()
        if settings.public_url and settings.gateway_token:
            found += self._gateway_hook(settings.gateway_token.get_secret_value()).routes()
        if settings.public_url:
            found += telegram.routes(self.take, webhook_secret(settings))
        if settings.staff_address:
            found += self._staff(settings, settings.staff_address)
        return found

    def _staff(self, settings: Settings, address: str) -> list[web.RouteDef]:
        assets = Assets()
        room = StaffContext(
            records=self.desk.records,
            committed=self.committed,
            clock=self.desk.clock,
            policy=self.desk.policy,
            office=settings.office,
            pages=Pages(brand=settings.brand, assets=assets),
            content=lambda: self.shelf.content,
            address=address,
        )
        return staff_routes(
            room,
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
            provide=self.desk.use_cases,
            plans=frozenset(plan.id for plan in self.desk.policy.plans),
            link_url=lambda token: deep_link(self.username, token),
            committed=self.committed,
        )

    def _gateway_hook(self, token: str) -> GatewayHook:
        return GatewayHook(
            transact=self.desk.database.transact,
            provide=self.desk.use_cases,
            clock=self.desk.clock,
            token=token,
            committed=self.committed,
        )

    def _call_hooks(self, settings: Settings) -> CallHooks:
        tokens = (settings.twilio_auth_token, settings.twilio_auth_token_secondary)
        return CallHooks(
            transact=self.desk.database.transact,
            provide=self.desk.use_cases,
            clock=self.desk.clock,
            dialogue=self.dialogue,
            public_url=settings.public_url or "",
            account_sid=settings.twilio_account_sid or "",
            auth_tokens=[token.get_secret_value() for token in tokens if token],
            committed=self.committed,
        )


def webhook_secret(settings: Settings) -> str:
    return settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
