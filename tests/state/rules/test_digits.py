"""What was keyed or said becomes a code, or is not understood (T38 to T42)."""

# ruff: noqa: RUF001 - characters that look alike are what is tested here

import pytest

from state.rules.digits import code_from, spoken_digits


@pytest.mark.attack("T38", "T39", "T40")
@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("One two three, four five six.", "123456"),
        ("123-456.", "123456"),
        ("1 2 3 4 5 6", "123456"),
        ("１２３４５６", "123456"),
        ("١٢٣٤٥٦", "123456"),
        ("one to three for five six", "123456"),
        ("oh oh seven one double two", "007122"),
        ("O, zero, too, ate, nine, won't", None),
        ("double-oh seven triple 1", "007111"),
        ("my code is 1 2 3 4 5 6", "123456"),
        ("It’s 123 456, thanks!", "123456"),
        ("123 four 56", "123456"),
    ],
)
def test_six_digits_are_parsed_in_every_spoken_form(said: str, code: str | None) -> None:
    assert spoken_digits(said) == code


@pytest.mark.attack("T40")
@pytest.mark.parametrize(
    "said",
    [
        "",
        "   ",
        "twelve thirty four fifty six",
        "tutu",
        "12345",
        "1234567",
        "one two three four five",
        "double",
        "one two three four five double",
        "double double one two three",
        "double 12 3456",
        "²³¹456x",
        "one two three four five six and then I went to the market " * 20,
    ],
)
def test_other_speech_is_no_code(said: str) -> None:
    assert spoken_digits(said) is None


@pytest.mark.attack("T41", "T42")
@pytest.mark.parametrize(
    ("keyed", "said", "confidence", "code"),
    [
        ("123456", "six five four three two one", 0.9, "123456"),
        ("123", "six five four three two one", 0.9, "654321"),
        ("", "six five four three two one", None, "654321"),
        (None, "six five four three two one", 0.3, "654321"),
        (None, "six five four three two one", 0.05, None),
        ("12345", None, None, None),
        ("12345*", None, None, None),
        ("", None, None, None),
        (None, None, None, None),
        (" 123456", None, 0.0, "123456"),
    ],
)
def test_keys_take_precedence_and_uncertain_speech_is_ignored(
    keyed: str | None, said: str | None, confidence: float | None, code: str | None
) -> None:
    assert code_from(keyed=keyed, said=said, confidence=confidence) == code


def test_the_length_follows_the_policy() -> None:
    assert code_from(keyed="1234", said=None, confidence=None, length=4) == "1234"
    assert spoken_digits("one two three four", length=4) == "1234"
