"""Settings: every variable, typed, read once from the environment and `.env`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "HELPDESK_"


class SettingsError(Exception):
    """A setting is missing or wrong; the message names it and says what it should be."""


def _split(value: object) -> object:
    if isinstance(value, str):
        return tuple(part for part in (piece.strip() for piece in value.split(",")) if part)
    return value


Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
SecretList = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_split)]


class Settings(BaseSettings):
    """One field a variable; the description is what an operator is told when it is wrong."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    token: SecretStr | None = Field(
        None, description="the bot's token from @BotFather, like 123456:ABC…"
    )
    telegram_api: str = Field(
        "https://api.telegram.org", description="base URL of the Bot API, http(s)://host"
    )
    database_url: str = Field(
        "sqlite+aiosqlite:///helpdesk.db",
        description="sqlite+aiosqlite:///file.db or postgresql+asyncpg://user:password@host/name",
    )
    public_url: str | None = Field(
        None,
        description="where Telegram and the call provider reach this bot, https://host; "
        "without it updates are polled and no calls are placed",
    )
    host: str = Field("127.0.0.1", description="address the web server listens on")
    port: int = Field(8080, ge=1, le=65535, description="a port from 1 to 65535")
    webhook_secret: SecretStr | None = Field(
        None, description="1 to 256 characters of A-Z a-z 0-9 _ - for Telegram's header"
    )
    peppers: SecretStr | None = Field(
        None,
        description="id:hex,… with 32 hex digits or more each, the current one first; "
        "make one with: openssl rand -hex 32",
    )
    api_tokens: SecretList = Field((), description="tokens of the marketplace, comma-separated")
    events_url: str | None = Field(None, description="where events are posted, https://…")
    events_secret: SecretStr | None = Field(None, description="whsec_… of Standard Webhooks")
    platform_url: str | None = Field(None, description="base URL to pull accounts from")
    platform_token: SecretStr | None = Field(None, description="bearer token for pulling")
    voice: Literal["none", "twilio"] = Field("none", description="none or twilio")
    twilio_api: str = Field("https://api.twilio.com", description="base URL, http(s)://host")
    twilio_account_sid: str | None = Field(None, description="AC and 32 hex digits")
    twilio_auth_token: SecretStr | None = Field(None, description="the account's auth token")
    twilio_auth_token_secondary: SecretStr | None = Field(
        None, description="the second auth token while the first is rotated"
    )
    twilio_from: str | None = Field(None, description="the number calls come from, in E.164")
    call_regions: Listed = Field(
        ("US",), description="regions that may be called, like US,GB (ISO 3166, two letters)"
    )
    gateway_token: SecretStr | None = Field(None, description="token of the Telegram Gateway")
    gateway_api: str = Field(
        "https://gatewayapi.telegram.org", description="base URL, http(s)://host"
    )
    staff_chat_id: int | None = Field(None, description="id of the staff group, a number")
    brand: str = Field("Connects Desk", description="the name in texts and calls")
    policy: Path | None = Field(None, description="a policy.toml in place of the shipped one")
    articles: Path | None = Field(None, description="a folder in place of the shipped articles")
    languages: Listed = Field(("en",), description="languages offered, like en,de")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="DEBUG, INFO, WARNING or ERROR"
    )
    log_format: Literal["console", "json"] = Field("console", description="console or json")

    @field_validator("telegram_api", "twilio_api", "gateway_api", "public_url", "platform_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("not an address")
        return value.rstrip("/")

    @field_validator("token")
    @classmethod
    def _is_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            bot_id, _, secret = value.get_secret_value().partition(":")
            if not bot_id.isdigit() or not secret:
                raise ValueError("not a token")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _is_header_safe(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            text = value.get_secret_value()
            plain = text.replace("_", "").replace("-", "")
            if not (0 < len(text) <= 256 and plain.isascii() and plain.isalnum()):
                raise ValueError("not usable in a header")
        return value

    @field_validator("peppers")
    @classmethod
    def _are_peppers(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            _pepper_keys(value.get_secret_value())
        return value

    def pepper_keys(self) -> Mapping[str, bytes]:
        """Peppers by id, the current one first; empty when the setting is missing."""
        return _pepper_keys(self.peppers.get_secret_value()) if self.peppers else {}

    @property
    def calls_are_on(self) -> bool:
        return self.voice == "twilio" and self.public_url is not None


def _pepper_keys(text: str) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    for part in text.split(","):
        pepper_id, _, digits = part.strip().partition(":")
        key = bytes.fromhex(digits)
        if not pepper_id or len(key) < 16 or pepper_id in keys:
            raise ValueError("not a pepper")
        keys[pepper_id] = key
    return keys


def load_settings(**overrides: object) -> Settings:
    """Read the settings, or raise SettingsError with one line a person can act on."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # overrides are validated like the rest
    except ValidationError as error:
        raise SettingsError(_first_fault(error)) from None


def _first_fault(error: ValidationError) -> str:
    name = str(error.errors()[0]["loc"][0])
    return f"{PREFIX}{name.upper()} is wrong: it should be {_description(name)}."


def _description(name: str) -> str:
    return Settings.model_fields[name].description or "as the manual says"


def require(settings: Settings, *names: str) -> None:
    """Refuse to go on without these settings; SettingsError names the first that is missing."""
    for name in names:
        if getattr(settings, name) in (None, ()):
            raise SettingsError(
                f"{PREFIX}{name.upper()} is missing: set it to {_description(name)}."
            )
