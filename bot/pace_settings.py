"""The settings of how fast the desk reads, writes and stops."""

from pydantic import Field
from pydantic_settings import BaseSettings


class PaceSettings(BaseSettings):
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
    drain_seconds: int = Field(
        10,
        ge=1,
        le=600,
        description="seconds that work under way gets when the bot is told to stop",
    )
