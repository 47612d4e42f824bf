"""Pydantic types of settings, which parse and validate; secrets are never shown in errors."""

import re
from collections.abc import Mapping
from datetime import UTC, tzinfo
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Literal, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, SecretStr
from pydantic_settings import NoDecode

from state.model.staff import Role, StaffId
from state.rules.office_hours import Shift, parse_hours

LEAST_PEPPER_BYTES = 16
_NO_BRACKETS = str.maketrans("", "", "[]")
"""IPv6 addresses may be written in brackets, as in URLs."""
_BOT_TOKEN = re.compile(r"\A[0-9]+:[A-Za-z0-9_-]+")
_HEADER_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_HOST = r"(\[[0-9A-Fa-f:.]+\]|[^\s/:@?#\[\]]+)(:[0-9]{1,5})?"
_EVENTS_ADDRESS = re.compile(rf"https?://{_HOST}(/[^\s?#]*)?(\?[^\s#]*)?")
_PROXY = re.compile(rf"https?://([^\s/@]+@)?{_HOST}/?")
_EVENTS_SECRET = re.compile(
    r"whsec_(?=.)([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
)


def _split(value: object) -> object:
    if isinstance(value, str):
        return tuple(part for part in (piece.strip() for piece in value.split(",")) if part)
    return value


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _roles(value: object) -> object:
    if not isinstance(value, str):
        return value
    pairs = [part.partition(":") for part in value.split(",") if part.strip()]
    return {int(staff_id): Role(role.strip() or Role.AGENT) for staff_id, _, role in pairs}


def _hours(value: object) -> object:
    return parse_hours(value) if isinstance(value, str) else value


def _networks(value: object) -> object:
    split = _split(value)
    if not isinstance(split, tuple):
        return split
    return tuple(ip_network(str(one).translate(_NO_BRACKETS)) for one in split)


def _zone(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.upper() == "UTC":
        return UTC  # needs no time zone database
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError("no time zone") from error


def _like(form: re.Pattern[str]) -> AfterValidator:
    """Validator: the whole secret matches this pattern."""

    def check(value: SecretStr) -> SecretStr:
        if not form.fullmatch(value.get_secret_value()):
            raise ValueError("not of this form")
        return value

    return AfterValidator(check)


def _are_peppers(value: SecretStr) -> SecretStr:
    pepper_keys(value.get_secret_value())
    return value


Address = Annotated[
    str,
    Field(pattern=rf"^https?://{_HOST}(/[^\s?#]*)?$"),
    AfterValidator(lambda value: value.rstrip("/")),
]
Host = Annotated[str, AfterValidator(lambda value: value.translate(_NO_BRACKETS))]
SecretList = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_split)]
Region = Annotated[str, BeforeValidator(_upper), Field(pattern="^[A-Z]{2}$")]
Regions = Annotated[tuple[Region, ...], NoDecode, BeforeValidator(_split)]
Language = Annotated[str, Field(pattern="^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]
Languages = Annotated[tuple[Language, ...], Field(min_length=1), NoDecode, BeforeValidator(_split)]
BotToken = Annotated[SecretStr, _like(_BOT_TOKEN)]
HeaderSecret = Annotated[SecretStr, _like(_HEADER_SECRET)]
EventsAddress = Annotated[SecretStr, _like(_EVENTS_ADDRESS)]
"""Hidden, since receivers put keys into it."""
ProxyAddress = Annotated[SecretStr, _like(_PROXY)]
EventsSecret = Annotated[SecretStr, _like(_EVENTS_SECRET)]
StaffRoles = Annotated[Mapping[StaffId, Role], NoDecode, BeforeValidator(_roles)]
Network: TypeAlias = IPv4Network | IPv6Network
Networks = Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_networks)]
OfficeHours = Annotated[tuple[Shift, ...], NoDecode, BeforeValidator(_hours)]
Zone = Annotated[tzinfo, BeforeValidator(_zone), PlainSerializer(str)]
PepperList = Annotated[SecretStr, AfterValidator(_are_peppers)]
LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)]


def pepper_keys(text: str) -> dict[str, bytes]:
    """Parse "id:hex,id:hex" to keys by pepper id. ValueError for a bad, short or repeated one."""
    keys: dict[str, bytes] = {}
    for part in text.split(","):
        pepper_id, _, digits = part.strip().partition(":")
        key = bytes.fromhex(digits)
        if not pepper_id or len(key) < LEAST_PEPPER_BYTES or pepper_id in keys:
            raise ValueError("not a pepper")
        keys[pepper_id] = key
    return keys
