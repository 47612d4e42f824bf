"""Settings, read once from environment variables and `.env`, with type and description each."""

import os
import re
from collections.abc import Mapping
from datetime import UTC, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal, TypeVar

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.setting_types import (
    Address,
    BotToken,
    EventsAddress,
    EventsSecret,
    HeaderSecret,
    Host,
    Languages,
    LogLevel,
    Networks,
    OfficeHours,
    PepperList,
    ProxyAddress,
    Regions,
    SecretList,
    StaffRoles,
    Zone,
    pepper_keys,
)
from state.rules.office_hours import Office


class PaceSettings(BaseSettings):
    """Rate limits of messages sent and read, and the shutdown time limit."""

    send_rate: int = Field(
        30, ge=0, description="messages a second to all chats together; 0 for no limit"
    )
    send_rate_chat: int = Field(
        1, ge=0, description="messages a second to one person, a few at once; 0 for no limit"
    )
    send_rate_group: int = Field(
        20, ge=0, description="messages a minute to one group; 0 for no limit"
    )
    read_rate: int = Field(
        60_000,
        ge=0,
        description="texts and greetings a minute that are read, a long one counted once for each "
        "100 characters; 0 for no limit",
    )
    read_rate_person: int = Field(
        60,
        ge=0,
        description="texts a minute that are read of one person, counted the same way; "
        "0 for no limit",
    )
    reply_delay: float = Field(
        2,
        ge=0,
        le=10,
        description="seconds to wait for the rest of a question typed in several short messages; "
        "0 to answer each by itself",
    )
    drain_seconds: int = Field(
        10,
        ge=1,
        le=600,
        description="seconds that work under way gets when the bot is told to stop",
    )


class StaffSettings(BaseSettings):
    """Settings of the staff group, office hours and the staff pages' login."""

    staff_chat_id: int | None = Field(None, description="the staff group's id, a number")
    staff: StaffRoles = Field(
        {},
        description="the people who answer, by their Telegram ids, each an agent, a lead or an "
        "admin, like 1001:admin,1002:agent",
    )
    office_hours: OfficeHours = Field(
        (), description="when people are there, like mon-fri 09:00-17:00, sat 10:00-14:00"
    )
    office_zone: Zone = Field(UTC, description="the time zone of these hours, like Europe/Berlin")
    office_answer_minutes: int = Field(
        60, ge=1, le=10_000, description="minutes of these hours until an answer, 1 or more"
    )
    hand_overs: int = Field(
        5, ge=0, description="times an hour that one chat may ask for a person; 0 for no limit"
    )
    staff_url: Address | None = Field(
        None,
        description="where staff's browsers reach /staff, like https://desk.example, if that is "
        "not the public address",
    )
    login_client_id: str | None = Field(
        None, description="the client id of Telegram Login, from @BotFather"
    )
    login_client_secret: SecretStr | None = Field(
        None, description="the client secret of Telegram Login"
    )
    login_issuer: Address = Field(
        "https://oauth.telegram.org", description="the issuer of Telegram Login, http(s)://host"
    )

    @property
    def office(self) -> Office | None:
        """Office hours and the promised answer time; None if no hours are set."""
        if not self.office_hours:
            return None
        return Office(
            zone=self.office_zone,
            shifts=self.office_hours,
            answer_within=timedelta(minutes=self.office_answer_minutes),
        )


class WatchSettings(BaseSettings):
    """Settings of health check, metrics and traces."""

    internal_host: Host = Field(
        "127.0.0.1", description="the address that /health and /metrics are served on"
    )
    internal_port: int | None = Field(
        None,
        ge=1,
        le=65535,
        description="a port from 1 to 65535 for /health and /metrics, besides the public one; "
        "without one, they are off",
    )
    traces_url: Address | None = Field(
        None,
        description="where an OpenTelemetry collector takes traces by OTLP over HTTP, like "
        "http://collector:4318/v1/traces; without one, there are none",
    )


PREFIX = "HELPDESK_"
FILE = ".env"
NO_CALLS = "none"
SERVICE_LINK = (
    " Kubernetes sets it for a Service of that name: set enableServiceLinks: false for the pod, "
    "or rename the Service."
)
_OF_SERVICE = re.compile(r"_SERVICE_(?:HOST|PORT)|_PORT_[0-9]{1,5}_(?:TCP|UDP|SCTP)")
"""Variables that Kubernetes sets for a Service, besides its address."""
S = TypeVar("S", bound=BaseSettings)


class SettingsError(Exception):
    """A setting is missing or wrong; the message names it and says what it should be."""


class Variables(BaseSettings):
    """Base class of settings read from the environment and `.env`, with the prefix HELPDESK_.

    A gateway may define a subclass with variables of its own.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=FILE,
        env_file_encoding="utf-8-sig",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _strip(cls, given: object) -> object:
        """Strip every text: files that secrets are read from end with a line break."""
        if not isinstance(given, dict):
            return given
        bare = {name: one.strip() if isinstance(one, str) else one for name, one in given.items()}
        return {name: one for name, one in bare.items() if one or not given[name]}


class LogSettings(Variables):
    """Log settings. The demo reads them too, while it overrides nearly all others."""

    log_level: LogLevel = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")
    log_format: Literal["console", "json"] = Field("console", description="console or json")


class Settings(PaceSettings, WatchSettings, StaffSettings, LogSettings):
    """All settings: one field per variable.

    The field's description completes the error message "… is wrong: it should be …".
    """

    token: BotToken | None = Field(
        None, description="the bot's token from @BotFather, like 123456:ABC-def"
    )
    telegram_api: Address = Field(
        "https://api.telegram.org", description="the base URL of the Bot API, http(s)://host"
    )
    database_url: str = Field(
        "sqlite+aiosqlite:///helpdesk.db",
        repr=False,  # a password may be in it
        description="sqlite+aiosqlite:///file.db or postgresql+asyncpg://user:password@host/name",
    )
    public_url: Address | None = Field(
        None,
        description="where Telegram and the call provider reach this bot, like https://host; "
        "without one, updates are polled and no calls are placed",
    )
    host: Host = Field("127.0.0.1", description="the address the web server listens on")
    port: int = Field(8080, ge=1, le=65535, description="a port from 1 to 65535")
    trusted_proxies: Networks = Field(
        (ip_network("127.0.0.0/8"), ip_network("::1/128")),
        description="the networks of your proxies, like 127.0.0.0/8,10.0.0.7: their "
        "X-Forwarded-For says who calls",
    )
    webhook_secret: HeaderSecret | None = Field(
        None, description="1 to 256 characters of A-Z a-z 0-9 _ - for Telegram's header"
    )
    peppers: PepperList | None = Field(
        None,
        description="id:hex,… with 32 hex digits or more each, the current one first; "
        "make one with: openssl rand -hex 32",
    )
    api_tokens: SecretList = Field(
        (), description="the tokens of the marketplace, comma-separated"
    )
    api_rate: int = Field(
        100, ge=1, le=1_000_000, description="requests a second that each of these tokens may make"
    )
    proxy: ProxyAddress | None = Field(
        None,
        description="the HTTP proxy that requests to other systems go through, like "
        "http://proxy:3128 or http://user:password@proxy:3128",
    )
    events_url: EventsAddress | None = Field(
        None,
        description="the address that events are posted to, https://host/path; a key may be in "
        "its path or after a ?",
    )
    events_secret: EventsSecret | None = Field(
        None, description="whsec_… of Standard Webhooks, in base64"
    )
    platform_url: Address | None = Field(
        None, description="the base URL to pull accounts from, http(s)://host"
    )
    platform_token: SecretStr | None = Field(None, description="the bearer token for pulling")
    voice: str = Field(
        NO_CALLS,
        pattern="^[a-z][a-z0-9_]*$",
        description="none, or the name of a call provider, like twilio",
    )
    twilio_api: Address = Field(
        "https://api.twilio.com", description="its base URL, http(s)://host"
    )
    twilio_account_sid: str | None = Field(
        None, pattern="^AC[0-9a-fA-F]{32}$", description="AC and 32 hex digits"
    )
    twilio_auth_token: SecretStr | None = Field(None, description="the account's auth token")
    twilio_auth_token_secondary: SecretStr | None = Field(
        None, description="the second auth token while the first is rotated"
    )
    twilio_from: str | None = Field(
        None,
        pattern=r"^\+[1-9][0-9]{6,14}$",
        description="the number calls come from, in E.164 like +12025550123",
    )
    call_regions: Regions = Field(
        ("US",), description="the regions that may be called, like US,GB (ISO 3166, two letters)"
    )
    call_voip: bool = Field(
        False,  # noqa: FBT003 - the default of a setting
        description="true if VoIP numbers may be called, else false",
    )
    twilio_speech_timeout: str = Field(
        "auto",
        pattern="^(auto|[1-9][0-9]?)$",
        description="auto, or seconds of silence that end a spoken code, 1 to 99",
    )
    gateway_token: SecretStr | None = Field(None, description="the token of the Telegram Gateway")
    gateway_api: Address = Field(
        "https://gatewayapi.telegram.org", description="its base URL, http(s)://host"
    )
    contact_links: bool = Field(
        False,  # noqa: FBT003 - pydantic's way to name a default
        description="true or false: whether one's own Telegram number may link the account that "
        "has it on record",
    )
    brand: str = Field("Connects Desk", description="the name in texts and calls")
    policy: Path | None = Field(None, description="a policy.toml in place of the shipped one")
    articles: Path | None = Field(None, description="a folder in place of the shipped articles")
    answers: Literal["auto", "english", "words"] = Field(
        "auto",
        description="auto, english or words; with english, no questions in other languages are "
        "compared by meaning, with words none at all, even where what that takes is installed",
    )
    sentence_model: Path | None = Field(
        None,
        description="a folder with the model.onnx and tokenizer.json of a sentence encoder, in "
        "place of the multilingual one that can be installed",
    )
    cache: Path = Field(
        Path("~/.cache/helpdesk"),
        description="a folder for what can be calculated anew; nothing is lost with it",
    )
    languages: Languages = Field(("en",), description="the languages offered, like en,de")

    def pepper_keys(self) -> Mapping[str, bytes]:
        """Keys by pepper id, the current one first; empty if the setting is missing."""
        return pepper_keys(self.peppers.get_secret_value()) if self.peppers else {}

    @property
    def staff_address(self) -> str | None:
        """Base URL of the staff pages; None if they are not reachable."""
        return self.staff_url or self.public_url


def load_settings(**overrides: object) -> Settings:
    """Read all settings; `overrides` win over the environment.

    SettingsError, with one line that says which variable is wrong and what it should be.
    """
    return load(Settings, overrides)


def load_log_settings() -> LogSettings:
    """Read the log settings alone. SettingsError as in `load_settings`."""
    return load(LogSettings, {})


def load(kind: type[S], overrides: Mapping[str, Any]) -> S:
    """Read settings of this class.

    SettingsError for the first invalid variable or a bad `.env`.
    """
    try:
        return kind(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        cause = SERVICE_LINK if _is_service_link(first["input"]) else ""
        raise SettingsError(
            f"{PREFIX}{name.upper()} is wrong: it should be {_description(kind, name)}.{cause}"
        ) from None
    except UnicodeDecodeError:
        raise SettingsError(f"{FILE} is not a UTF-8 text file.") from None
    except OSError as error:
        raise SettingsError(f"{FILE} can't be read: {error.strerror}.") from None


def unknown_variables() -> list[str]:
    """Names with the prefix HELPDESK_ that are not settings, usually misspelt ones."""
    kinds: list[type[BaseSettings]] = [Settings, *Variables.__subclasses__()]
    known = {PREFIX + name.upper() for kind in kinds for name in kind.model_fields}
    given = {**dotenv_values(FILE, encoding="utf-8-sig"), **os.environ}
    return sorted(
        name
        for name in {name.upper() for name, value in given.items() if not _is_service_link(value)}
        if name.startswith(PREFIX) and name not in known and not _OF_SERVICE.search(name)
    )


def _is_service_link(value: object) -> bool:
    return str(value).startswith(("tcp://", "udp://", "sctp://"))


def check_public_url(settings: Settings) -> None:
    """SettingsError if Telegram's own servers would refuse to push to the public address.

    A Bot API server of one's own may push over http.
    """
    url = settings.public_url or ""
    if url.startswith("http:") and settings.telegram_api.startswith("https:"):
        raise SettingsError(
            f"{PREFIX}PUBLIC_URL is wrong: it should begin with https://, since Telegram pushes "
            "updates to no other address."
        )


def _description(kind: type[BaseSettings], name: str) -> str:
    return kind.model_fields[name].description or "as the manual says"


def require(settings: BaseSettings, *names: str) -> None:
    """Check that these settings are present; SettingsError names the first missing one."""
    for name in names:
        if getattr(settings, name) in (None, ()):
            wanted = _description(type(settings), name)
            raise SettingsError(f"{PREFIX}{name.upper()} is missing: set it to {wanted}.")
