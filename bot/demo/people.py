"""Sample freelancers, each at another stage of the Connects allowance."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources
from typing import Any, TypeAlias

ITEMS = (
    "photo",
    "tagline",
    "overview",
    "hourly_rate",
    "skills",
    "contact_information",
    "email_verified",
)
QUICK_WAYS = ("portfolio", "skills", "email_verified", "id_verified", "pledge")
Snapshot: TypeAlias = Mapping[str, Any]
"""A snapshot in the marketplace API's JSON form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A snapshot of a sample person, relative to the start of the demo."""

    hours_ago: float
    plan: str
    completeness: float
    profile_lacks: tuple[str, ...]
    quick_done: tuple[str, ...]
    phone_verified: bool
    connects_balance: int | None
    plan_allowance: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePerson:
    """A freelancer whom the page's user can play."""

    id: str
    """Freelancer id at the marketplace."""
    story: str
    """Description for the page's list of people."""
    telegram_id: int
    first_name: str
    last_name: str
    username: str
    language: str
    phone: str
    readings: tuple[Reading, ...]
    """Oldest first; empty for a person without a snapshot."""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def user(self) -> dict[str, Any]:
        """Bot API `User`."""
        return {
            "id": self.telegram_id,
            "is_bot": False,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language,
        }

    def snapshots(self, now: datetime) -> tuple[Snapshot, ...]:
        """Snapshots in JSON form, oldest first."""
        return tuple(self._snapshot(reading, now) for reading in self.readings)

    def _snapshot(self, reading: Reading, now: datetime) -> Snapshot:
        as_of = (now - timedelta(hours=reading.hours_ago)).replace(microsecond=0)
        lacks, done = reading.profile_lacks, reading.quick_done
        return {
            "id": self.id,
            "as_of": as_of.isoformat().replace("+00:00", "Z"),
            "display_name": self.first_name,
            "language": self.language,
            "plan": reading.plan,
            "plan_allowance": reading.plan_allowance,
            "connects_balance": reading.connects_balance,
            "profile": {item: item not in lacks for item in ITEMS},
            "completeness": reading.completeness,
            "quick_actions": {way: way in done for way in QUICK_WAYS},
            "phone": self.phone,
            "phone_verified": reading.phone_verified,
        }


def load_people() -> tuple[SamplePerson, ...]:
    """The people of `people.toml`."""
    text = resources.files("bot.demo").joinpath("people.toml").read_text(encoding="utf-8")
    return tuple(_person(each) for each in tomllib.loads(text)["people"])


def _person(table: Mapping[str, Any]) -> SamplePerson:
    readings = tuple(_reading(each) for each in table.get("readings", ()))
    return SamplePerson(**{**table, "readings": readings})


def _reading(table: Mapping[str, Any]) -> Reading:
    return Reading(
        hours_ago=table.get("hours_ago", 1),
        plan=table.get("plan", "basic"),
        completeness=table["completeness"],
        profile_lacks=tuple(table.get("profile_lacks", ())),
        quick_done=tuple(table.get("quick_done", ())),
        phone_verified=table.get("phone_verified", False),
        connects_balance=table.get("connects_balance"),
        plan_allowance=table.get("plan_allowance"),
    )
