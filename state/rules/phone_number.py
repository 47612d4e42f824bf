"""Parse phone numbers, decide which may be called, and mask them for display."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType

LONGEST_TEXT = 64
CALLED = frozenset(
    {PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
)
NOT_GEOGRAPHIC = "001"
"""libphonenumber's region of satellite and international service numbers: never served."""

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
EXTENSION = re.compile(r"\d\s*+(?:[;,]\s*+)?(?:;|#|x|ext)", re.IGNORECASE)
DASHES = re.compile("[\u2010-\u2015\u2212]")
FULL_WIDTH_PLUS = "\uff0b"
LABEL = re.compile(r"\A\s*(?:tel|telephone|phone|mob|mobile|cell|number)\b\.?\s*:?", re.IGNORECASE)
"""What people write before a number, as in "Tel: +44 …"; also the scheme of a tel: address."""
BRACKETS = str.maketrans("()", "  ")
WRITTEN = re.compile(r"\+?[0-9 .\-]+")
BETWEEN_TWO = re.compile(r",|\bor\b")
INTERNATIONAL_PREFIX = re.compile(r"\A00(?=[ 1-9])")


class NumberRefusal(StrEnum):
    """Why a number is not called. People read the same text for the last three."""

    UNREADABLE = "unreadable"
    COUNTRY_CODE_MISSING = "country_code_missing"
    SEVERAL = "several"
    EXTENSION = "extension"
    NOT_VALID = "not_valid"
    KIND = "kind"
    """Premium, shared-cost, toll-free, personal, pager, VoIP, … or one of the desk's own lines."""
    REGION = "region"


@dataclass(frozen=True, slots=True)
class Dialable:
    """A number that may be called."""

    number: str
    """E.164."""
    region: str = field(default="", compare=False)
    """Region code of libphonenumber, such as GB."""


@dataclass(frozen=True, slots=True)
class NumberRefused:
    why: NumberRefusal


@dataclass(frozen=True, slots=True, kw_only=True)
class CallableNumbers:
    """Which numbers the desk may call. Regions as in libphonenumber; an empty set allows none."""

    regions: frozenset[str]
    voip: bool = False
    own_numbers: frozenset[str] = frozenset()
    """The desk's own lines, in E.164; calling them would ring the desk itself."""
    default_region: str | None = None
    """Assumed for a number without a country code; None: such a number is refused."""


CheckedNumber: TypeAlias = Dialable | NumberRefused


def check_number(text: str, callable_numbers: CallableNumbers) -> CheckedNumber:
    """Validate a typed number, or one on record, with the data of libphonenumber only.

    Types and validity change over the years, so this is repeated before every call.
    """
    written = _written(text, callable_numbers.default_region)
    if isinstance(written, NumberRefusal):
        return NumberRefused(written)
    if not written.startswith("+") and callable_numbers.default_region is None:
        return NumberRefused(NumberRefusal.COUNTRY_CODE_MISSING)
    try:
        number = phonenumbers.parse(written, callable_numbers.default_region)
    except NumberParseException:
        return NumberRefused(NumberRefusal.UNREADABLE)
    return _judged(number, callable_numbers)


def mask_number(number: str) -> str:
    """Country code and last two digits, "+44 … 56": enough to recognise one's own number."""
    digits = "".join(sign for sign in number if sign.isdecimal())
    if len(digits) < 6:  # noqa: PLR2004 - two of so few digits would give the number away
        return "…"
    try:
        country = f"+{phonenumbers.parse(number, None).country_code} "
    except NumberParseException:
        country = ""
    return f"{country}… {digits[-2:]}"


def _written(text: str, region: str | None) -> str | NumberRefusal:
    """The number as plain characters, or the reason for refusal."""
    if len(text) > LONGEST_TEXT:
        return NumberRefusal.UNREADABLE
    plain = INVISIBLE.sub("", phonenumbers.normalize_digits_only(text, keep_non_digits=True))
    plain = LABEL.sub("", plain.replace(FULL_WIDTH_PLUS, "+"))
    if EXTENSION.search(plain):
        return NumberRefusal.EXTENSION
    plain = " ".join(DASHES.sub("-", plain).translate(BRACKETS).split())
    if plain.count("+") > 1 or BETWEEN_TWO.search(plain) or _is_whole_before_slash(plain, region):
        return NumberRefusal.SEVERAL
    plain = plain.replace("/", " ")
    if not WRITTEN.fullmatch(plain):
        return NumberRefusal.UNREADABLE
    return INTERNATIONAL_PREFIX.sub("+", plain)


def _is_whole_before_slash(plain: str, region: str | None) -> bool:
    """Whether a slash ends a number, as in "… 0123/0124"; in "+49 30/…" it ends an area code."""
    before, slash, _ = plain.partition("/")
    try:
        return bool(slash) and phonenumbers.is_valid_number(phonenumbers.parse(before, region))
    except NumberParseException:
        return False


def _judged(number: PhoneNumber, callable_numbers: CallableNumbers) -> CheckedNumber:
    if not phonenumbers.is_valid_number(number):
        return NumberRefused(NumberRefusal.NOT_VALID)
    kinds = CALLED | {PhoneNumberType.VOIP} if callable_numbers.voip else CALLED
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if phonenumbers.number_type(number) not in kinds or e164 in callable_numbers.own_numbers:
        return NumberRefused(NumberRefusal.KIND)
    region = phonenumbers.region_code_for_number(number)
    if region == NOT_GEOGRAPHIC or region not in callable_numbers.regions:
        return NumberRefused(NumberRefusal.REGION)
    return Dialable(e164, region or "")
