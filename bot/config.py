"""Settings: every variable, typed, read once from the environment and `.env`."""

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "HELPDESK_"
FILE = ".env"


class SettingsError(Exception):
    """A setting is missing or wrong; the message names it and says what it should be."""


def _split(value: object) -> object:
    if isinstance(value, str):
        return tuple(part for part in (piece.strip() for piece in value.split(",")) if part)
    return value


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _like(pattern: str) -> AfterValidator:
    """Of this form as a whole; the message is the field's description, so none is made here."""
    form = re.compile(pattern, re.ASCII)

    def check(value: T) -> T:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if isinstance(text, str) and not form.fullmatch(text):
            raise ValueError("not of the form described")
        return value

    return AfterValidator(check)


def _without_slash(value: str | None) -> str | None:
    return value.rstrip("/") if value else value


T = TypeVar("T")
Address = Annotated[str, _like(r"https?://[^\s/:@?#]+(:\d{1,5})?(/[^\s?#]*)?"), AfterValidator(_without_slash)]
Regions = Annotated[tuple[Annotated[str, BeforeValidator(_upper), _like("[A-Z]{2}")], ...], NoDecode, BeforeValidator(_split)]
Languages = Annotated[tuple[Annotated[str, _like("[a-z]{2,3}(-[A-Za-z0-9]+)*")], ...], Field(min_length=1), NoDecode, BeforeValidator(_split)]
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
