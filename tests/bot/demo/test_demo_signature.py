import pytest

from bot.demo.phone.signature import sign

DIGITS = (
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
    ("Caller", "+14158675309"),
)
REPEATED = (
    ("Sid", "CA123"),
    ("SidAccount", "AC123"),
    ("Digits", "5678"),
    ("Digits", "1234"),
    ("Digits", "1234"),
)
CALL = (
    ("AccountSid", "AC" + "0" * 32),
    ("ApiVersion", "2010-04-01"),
    ("CallSid", "CA" + "1" * 32),
    ("CallStatus", "in-progress"),
    ("Called", "+447911123456"),
    ("Caller", "+442071838750"),
    ("Direction", "outbound-api"),
    ("From", "+442071838750"),
    ("To", "+447911123456"),
)
HASH = (*CALL, ("Digits", "#"))
SPOKEN = (
    *CALL,
    ("Digits", ""),
    ("SpeechResult", "One two three, four five six."),
    ("Confidence", "0.91"),
)
PAGE = "https://mycompany.com/myapp.php?foo=1&bar=2"
JSON_HASH = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
HOOKS = "https://bot.example.org/hooks/twilio/voice"


@pytest.mark.parametrize(
    ("token", "url", "parameters", "signature"),
    [
        ("12345", PAGE, DIGITS, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (
            "12345",
            "https://mycompany.com:443/myapp.php?foo=1&bar=2",
            DIGITS,
            "kvajT1Ptam85bY51eRf/AJRuM3w=",
        ),
        (
            "12345",
            "http://mycompany.com:80/myapp.php?foo=1&bar=2",
            DIGITS,
            "0ZXoZLH/DfblKGATFgpif+LLRf4=",
        ),
        (
            "12345",
            "http://mycompany.com:1234/myapp.php?foo=1&bar=2",
            DIGITS,
            "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=",
        ),
        ("12345", PAGE, REPEATED, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
        ("12345", f"{PAGE}&bodySHA256={JSON_HASH}", (), "a9nBmqA0ju/hNViExpshrM61xv4="),
        ("test_auth_token", f"{HOOKS}/ack?a=9f1c2d", HASH, "Ot5C4q8p9tPjohPPWg4TcC1upk4="),
        ("test_auth_token", f"{HOOKS}/code?a=9f1c2d", SPOKEN, "/4FTIRikeSKW+xZ814FBbugOxas="),
    ],
)
def test_signatures_match_those_of_the_provider(
    token: str, url: str, parameters: tuple[tuple[str, str], ...], signature: str
) -> None:
    assert sign(token, url, parameters) == signature
