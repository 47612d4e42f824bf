"""The settings about the people who answer: who they are, when they are there, where they look."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from bot.setting_types import Address, OfficeHours, StaffRoles, Zone
from state.rules.office import Office


class StaffSettings(BaseSettings):
    """Part of `bot.config.Settings`."""

    staff_chat_id: int | None = Field(None, description="the staff group's id, a number")
    staff: StaffRoles = Field(
        {},
        description="the people who answer, by their Telegram ids, each an agent, a lead or an "
        "admin, like 1001:admin,1002:agent",
    )
    office_hours: OfficeHours = Field(
        (), description="when people are there, like mon-fri 09:00-17:00, sat 10:00-14:00"
    )
    office_zone: Zone = Field(
        ZoneInfo("UTC"), description="the time zone of these hours, like Europe/Berlin"
    )
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
        """None: the desk promises no hours."""
        if not self.office_hours:
            return None
        return Office(
            zone=self.office_zone,
            shifts=self.office_hours,
            answer_within=timedelta(minutes=self.office_answer_minutes),
        )
