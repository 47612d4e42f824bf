"""Which numbers are called, and how they are shown (T43, T46, T47)."""

# ruff: noqa: RUF001 - characters that look alike are what is tested here

import pytest

from state.rules.phone_number import (
    CallableNumbers,
    CheckedNumber,
    Dialable,
    NumberRefusal,
    NumberRefused,
    check_number,
    mask_number,
)

REACH = CallableNumbers(regions=frozenset({"GB", "GG", "DE", "FR", "US", "AU"}))
HERE = CallableNumbers(regions=frozenset({"GB"}), default_region="GB")


@pytest.mark.attack("T43")
@pytest.mark.parametrize(
    "number",
    [
        "+442071838750",
        "+447911123456",
        "+491701234567",
        "+33612345678",
        "+12025550123",
        "+61491570156",
    ],
)
def test_ordinary_numbers_of_served_regions_are_accepted(number: str) -> None:
    assert check_number(number, REACH) == Dialable(number)


@pytest.mark.attack("T43")
@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("+19005550123", NumberRefusal.KIND),
        ("+449098790123", NumberRefusal.KIND),
        ("+18005550123", NumberRefusal.KIND),
        ("+80012345678", NumberRefusal.KIND),
        ("+979123456789", NumberRefusal.KIND),
        ("+883120000000", NumberRefusal.KIND),
        ("+870773111632", NumberRefusal.REGION),
        ("+447012345678", NumberRefusal.KIND),
        ("+18765551234", NumberRefusal.REGION),
        ("+18095551234", NumberRefusal.REGION),
        ("+15005550006", NumberRefusal.KIND),
        ("+447700900123", NumberRefusal.NOT_VALID),
        ("+5511961234567", NumberRefusal.REGION),
    ],
)
def test_premium_special_and_unserved_numbers_are_refused(number: str, why: NumberRefusal) -> None:
    assert check_number(number, REACH) == NumberRefused(why)


def test_satellite_numbers_are_always_refused() -> None:
    everywhere = CallableNumbers(regions=frozenset({"001"}), voip=True)

    assert check_number("+870773111632", everywhere) == NumberRefused(NumberRefusal.REGION)


def test_a_region_is_served_by_its_own_code_not_by_its_calling_code() -> None:
    without_guernsey = CallableNumbers(regions=frozenset({"GB"}))

    assert check_number("+447911123456", without_guernsey) == NumberRefused(NumberRefusal.REGION)


def test_without_listed_regions_every_number_is_refused() -> None:
    assert check_number("+442071838750", CallableNumbers(regions=frozenset())) == NumberRefused(
        NumberRefusal.REGION
    )


@pytest.mark.parametrize(
    ("voip", "found"), [(False, NumberRefused(NumberRefusal.KIND)), (True, None)]
)
def test_voip_numbers_are_accepted_only_if_the_settings_allow_it(
    voip: bool, found: CheckedNumber | None
) -> None:
    number = "+445600123456"
    reach = CallableNumbers(regions=frozenset({"GB"}), voip=voip)

    assert check_number(number, reach) == (found or Dialable(number))


@pytest.mark.attack("T46")
def test_our_own_number_is_refused() -> None:
    ours = CallableNumbers(regions=frozenset({"GB"}), own_numbers=frozenset({"+442071838750"}))

    assert check_number("+44 20 7183 8750", ours) == NumberRefused(NumberRefusal.KIND)


@pytest.mark.attack("T46")
@pytest.mark.parametrize("number", ["911", "112", "999", "+112"])
def test_emergency_and_short_numbers_are_refused(number: str) -> None:
    american = CallableNumbers(regions=frozenset({"US", "GB"}), default_region="US")

    assert isinstance(check_number(number, american), NumberRefused)


@pytest.mark.attack("T47")
@pytest.mark.parametrize(
    "text",
    [
        "+1 202-555-0123",
        "tel:+1-202-555-0123",
        "001 202 555 0123",
        "00 1 202 555 0123",
        "+1\u00a0(202)\u00a0555.0123",
        "\u200f+1 202 555 0123\u200e",
        "\u202a+12025550123\u202c",
        "＋１ 202 555 0123",
        "+1 202\u2011555\u20110123",
        "  +12025550123  ",
        "(+1) 202 555 0123",
        "(001) 202 555 0123",
        "+1 (202)/5550123",
        "Tel: +1 202 555 0123",
        "TEL +1 202 555 0123",
        "Phone: (+1) 202-555-0123",
    ],
)
def test_every_notation_gives_the_same_number(text: str) -> None:
    assert check_number(text, REACH) == Dialable("+12025550123")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+49 30/901820", "+4930901820"),
        ("+49 (0)30/90 18 20", "+4930901820"),
        ("0049 170/1234567", "+491701234567"),
        ("+49 30 901820/21", None),
    ],
)
def test_a_slash_after_an_area_code_is_accepted_and_one_after_a_number_is_not(
    text: str, number: str | None
) -> None:
    found = check_number(text, REACH)

    assert (found.number if isinstance(found, Dialable) else None) == number


@pytest.mark.attack("T47")
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("+1 312 555 0142;ext=5", NumberRefusal.EXTENSION),
        ("+1 312 555 0142 ext. 5", NumberRefusal.EXTENSION),
        ("+1 312 555 0142x5", NumberRefusal.EXTENSION),
        ("+1 312 555 0142#5", NumberRefusal.EXTENSION),
        ("+12025550123 +12025550124", NumberRefusal.SEVERAL),
        ("+12025550123, +12025550124", NumberRefusal.SEVERAL),
        ("+12025550123 / 0124", NumberRefusal.SEVERAL),
        ("+12025550123 or 2025550124", NumberRefusal.SEVERAL),
        ("+12025550123 2025550124", NumberRefusal.UNREADABLE),
        ("202 555 0123", NumberRefusal.COUNTRY_CODE_MISSING),
        ("my number", NumberRefusal.UNREADABLE),
        ("+1-800-FLOWERS", NumberRefusal.UNREADABLE),
        ("", NumberRefusal.UNREADABLE),
        ("+", NumberRefusal.UNREADABLE),
        ("+()", NumberRefusal.UNREADABLE),
        ("+1" + "2" * 80, NumberRefusal.UNREADABLE),
    ],
)
def test_a_text_that_is_not_one_number_is_refused_with_its_reason(
    text: str, why: NumberRefusal
) -> None:
    assert check_number(text, REACH) == NumberRefused(why)


def test_a_number_without_country_code_belongs_to_the_default_region() -> None:
    assert check_number("020 7183 8750", HERE) == Dialable("+442071838750")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+447911123456", "+44 … 56"),
        ("+12025550123", "+1 … 23"),
        ("07911 123456", "… 56"),
        ("112", "…"),
        ("not a number", "…"),
    ],
)
def test_a_masked_number_shows_country_code_and_last_two_digits(number: str, shown: str) -> None:
    assert mask_number(number) == shown
