"""Ports, URLs and secrets of the demo, and the bot's settings made from them."""

import base64
import secrets
import socket
from dataclasses import dataclass, field
from pathlib import Path

from bot.demo.staff import GROUP_ID, HOURS, roles

CALLER = "+442071838750"
REGIONS = ("US", "GB", "GG", "DE", "FR", "AU")
LOOPBACK = "127.0.0.1"
LOGIN_CLIENT = "demo-desk"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _base64() -> str:
    return base64.b64encode(secrets.token_bytes(24)).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """Ports, URLs and secrets of one run; the secrets are random and valid for that run."""

    port: int
    """Port of the page and the local services."""
    bot_port: int = field(default_factory=free_port)
    folder: Path
    """Folder of the database."""
    token: str = field(default_factory=lambda: f"7000000001:{secrets.token_urlsafe(26)}")
    webhook_secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    api_token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    pepper: str = field(default_factory=lambda: secrets.token_hex(32))
    platform_token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    events_secret: str = field(default_factory=lambda: f"whsec_{_base64()}")
    login_secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    account_sid: str = field(default_factory=lambda: "AC" + secrets.token_hex(16))
    auth_token: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def world_url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def bot_url(self) -> str:
        return f"http://{LOOPBACK}:{self.bot_port}"

    @property
    def login_issuer(self) -> str:
        return f"{self.world_url}/login"

    def exports(self) -> str:
        """Shell commands that export the URLs and tokens of both APIs."""
        return (
            f"export DESK={self.bot_url} TOKEN={self.api_token} "
            f"MARKETPLACE={self.world_url}/marketplace PLATFORM_TOKEN={self.platform_token}"
        )

    def settings(self) -> dict[str, object]:
        """The bot's settings by name in `bot.settings`.

        Settings that would reach real services are overridden, whatever the environment says.
        """
        return {
            "token": self.token,
            "telegram_api": f"{self.world_url}/telegram",
            "database_url": f"sqlite+aiosqlite:///{self.folder / 'demo.db'}",
            "public_url": self.bot_url,
            "host": LOOPBACK,
            "port": self.bot_port,
            "webhook_secret": self.webhook_secret,
            "peppers": f"demo:{self.pepper}",
            "api_tokens": self.api_token,
            "voice": "twilio",
            "twilio_api": f"{self.world_url}/twilio",
            "twilio_account_sid": self.account_sid,
            "twilio_auth_token": self.auth_token,
            "twilio_auth_token_secondary": None,
            "twilio_from": CALLER,
            "call_regions": ",".join(REGIONS),
            "brand": "Connects Desk",
            "events_url": f"{self.world_url}/marketplace/events",
            "events_secret": self.events_secret,
            "platform_url": None,
            "platform_token": None,
            "gateway_token": None,
            "staff_chat_id": GROUP_ID,
            "staff": roles(),
            "office_hours": HOURS,
            "office_zone": "UTC",
            "office_answer_minutes": 30,
            "staff_url": None,
            "login_client_id": LOGIN_CLIENT,
            "login_client_secret": self.login_secret,
            "login_issuer": self.login_issuer,
        }
