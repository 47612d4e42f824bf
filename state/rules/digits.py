"""Parse keys or recognised speech from a call into the digits of a code, or None if unclear."""

import re
import unicodedata

LEAST_CONFIDENCE = 0.3

WORDS = {
    "zero": "0",
    "oh": "0",
    "o": "0",
    "one": "1",
    "two": "2",
    "to": "2",
    "too": "2",
    "three": "3",
    "four": "4",
    "for": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "ate": "8",
    "nine": "9",
}
TIMES = {"double": 2, "triple": 3}
POLITE = frozenset(
    (
        "my",
        "the",
        "code",
        "number",
        "numbers",
        "is",
        "are",
        "it's",
        "its",
        "it",
        "please",
        "hello",
        "hi",
        "um",
        "uh",
        "ok",
        "okay",
        "thanks",
    )
)
"""Filler words, ignored around a code; any other word makes the input unclear."""

BETWEEN = re.compile(r"[\s.,;:!?\u2010-\u2015-]+")


def code_from(
    *, keyed: str | None, said: str | None, confidence: float | None, length: int = 6
) -> str | None:
    """The code from the keys if they form one, otherwise from speech of sufficient confidence."""
    if keyed is not None and (code := _exactly(keyed.strip(), length)):
        return code
    if said is None or (confidence is not None and confidence < LEAST_CONFIDENCE):
        return None
    return spoken_digits(said, length=length)


def spoken_digits(text: str, *, length: int = 6) -> str | None:
    """Parse "oh oh seven, one double two" as 007122; None if it is not `length` digits."""
    found: list[str] = []
    times = 1
    for word in filter(None, BETWEEN.split(_plain(text))):
        if word in POLITE:
            continue
        if word in TIMES and times == 1:
            times = TIMES[word]
            continue
        digits = WORDS.get(word, word)
        if not digits.isdigit() or (times > 1 and len(digits) > 1):
            return None
        found.append(digits * times)
        times = 1
    return _exactly("".join(found), length) if times == 1 else None


def _plain(text: str) -> str:
    """Lower case, with digits of every script converted to 0-9."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in folded)


def _exactly(text: str, length: int) -> str | None:
    return text if len(text) == length and text.isascii() and text.isdigit() else None
