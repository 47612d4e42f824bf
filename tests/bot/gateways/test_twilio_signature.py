"""Twilio's published vectors, and what must not pass."""

import pytest

from bot.gateways.twilio.signature import is_signed, signature

TOKEN = "12345"
CALL = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
    ("Caller", "+14158675309"),
]
BOT = "https://bot.example.org/hooks/twilio/voice"
OURS = [
    ("AccountSid", "AC" + "0" * 32),
    ("ApiVersion", "2010-04-01"),
    ("CallSid", "CA" + "1" * 32),
    ("CallStatus", "in-progress"),
    ("Called", "+447911123456"),
    ("Caller", "+442071838750"),
    ("Direction", "outbound-api"),
    ("From", "+442071838750"),
    ("To", "+447911123456"),
]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://mycompany.com/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("https://mycompany.com:443/myapp.php?foo=1&bar=2", "kvajT1Ptam85bY51eRf/AJRuM3w="),
        ("http://mycompany.com:80/myapp.php?foo=1&bar=2", "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        ("http://mycompany.com:1234/myapp.php?foo=1&bar=2", "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    ],
)
def test_published_examples_are_accepted(url: str, expected: str) -> None:
    assert signature(TOKEN, url, CALL) == expected


def test_a_repeated_parameter_counts_its_distinct_values() -> None:
    form = [
        ("Sid", "CA123"),
        ("SidAccount", "AC123"),
        ("Digits", "5678"),
        ("Digits", "1234"),
        ("Digits", "1234"),
    ]

    made = signature(TOKEN, "https://mycompany.com/myapp.php?foo=1&bar=2", form)

    assert made == "IK+Dwps556ElfBT0I3Rgjkr1wJU="


@pytest.mark.parametrize(
    ("step", "extra", "expected"),
    [
        ("ack", [("Digits", "#")], "Ot5C4q8p9tPjohPPWg4TcC1upk4="),
        (
            "code",
            [
                ("Digits", ""),
                ("SpeechResult", "One two three, four five six."),
                ("Confidence", "0.91"),
            ],
            "/4FTIRikeSKW+xZ814FBbugOxas=",
        ),
    ],
)
def test_signatures_of_our_own_requests_are_accepted(
    step: str, extra: list[tuple[str, str]], expected: str
) -> None:
    assert signature("test_auth_token", f"{BOT}/{step}?a=9f1c2d", [*OURS, *extra]) == expected


@pytest.mark.parametrize("seen", ["https://mycompany.com/a", "https://mycompany.com:443/a"])
@pytest.mark.parametrize("signed", ["https://mycompany.com/a", "https://mycompany.com:443/a"])
def test_the_default_port_in_the_signed_url_is_optional(seen: str, signed: str) -> None:
    given = signature(TOKEN, signed, CALL)

    assert is_signed(given, [TOKEN], seen, CALL)


@pytest.mark.parametrize(
    ("seen", "signed"),
    [
        ("https://desk.example:8443/a?b=1", "https://desk.example/a?b=1"),
        ("http://desk.example:8080/a", "http://desk.example/a"),
        ("https://[2001:db8::1]:8443/a", "https://[2001:db8::1]/a"),
    ],
)
def test_any_port_may_be_missing_from_the_signed_url(seen: str, signed: str) -> None:
    assert is_signed(signature(TOKEN, signed, CALL), [TOKEN], seen, CALL)


@pytest.mark.parametrize(
    ("seen", "signed"),
    [
        ("https://desk.example:8443/a", "https://desk.example:443/a"),
        ("https://desk.example/a", "https://desk.example:8443/a"),
        ("https://desk.example:8443/a", "http://desk.example/a"),
    ],
)
def test_a_signature_for_another_port_or_scheme_is_refused(seen: str, signed: str) -> None:
    assert not is_signed(signature(TOKEN, signed, CALL), [TOKEN], seen, CALL)


@pytest.mark.parametrize(
    "url",
    [
        "https://Desk.Example/Hooks/a?b=1&b=",
        "https://desk.example/a?",
        "https://desk.example//a",
        "https://[2001:db8::1]/a",
        "http://desk.example:8080/a",
        "no address",
    ],
)
def test_the_signed_url_is_compared_exactly(url: str) -> None:
    assert is_signed(signature(TOKEN, url, CALL), [TOKEN], url, CALL)


def test_both_tokens_are_accepted_during_rotation() -> None:
    given = signature("old", "https://mycompany.com/a", CALL)

    assert is_signed(given, ["new", "old"], "https://mycompany.com/a", CALL)


@pytest.mark.parametrize("given", ["", "AAAA", "ä", "RSOYDt4T1cUTdK1PDd93/VVr8B8"])
def test_a_malformed_signature_is_refused(given: str) -> None:
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"

    assert not is_signed(given, [TOKEN], url, CALL)


def test_a_signature_with_another_token_is_refused() -> None:
    given = signature("another", "https://mycompany.com/a", CALL)

    assert not is_signed(given, [TOKEN], "https://mycompany.com/a", CALL)
