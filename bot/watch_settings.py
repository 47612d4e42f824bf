"""The settings of those who watch over the desk."""

from pydantic import Field
from pydantic_settings import BaseSettings

from bot.setting_types import Address


class WatchSettings(BaseSettings):
    internal_host: str = Field(
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
