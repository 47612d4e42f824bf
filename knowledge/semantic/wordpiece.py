"""Cuts a text into the pieces of words that a BERT model was trained on, as their numbers.

The rules are BERT's own, uncased: accents dropped, every mark and every Chinese character a word
of its own, and each word cut into the longest known pieces from the left.
"""

import unicodedata
from collections.abc import Iterator, Sequence

LONGEST_WORD = 100
"""Characters; a longer one is an unknown word as a whole."""
_UNKNOWN, _START, _END = "[UNK]", "[CLS]", "[SEP]"
_IDEOGRAPHS = (
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2CEAF),
    (0x2F800, 0x2FA1F),
)
_ASCII_MARKS = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


class WordPieces:
    """Knows every piece by its place in the model's list; inner pieces begin with ##."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self._numbers = {piece: number for number, piece in enumerate(pieces)}
        self._longest = max(map(len, pieces), default=0)

    def __contains__(self, word: object) -> bool:
        return word in self._numbers

    def numbers(self, text: str, most: int) -> list[int]:
        """Between the marks for start and end; at most so many, those included."""
        pieces = [piece for word in _words(text) for piece in self._cut(word)]
        return [self._numbers[piece] for piece in (_START, *pieces[: most - 2], _END)]

    def _cut(self, word: str) -> list[str]:
        pieces: list[str] = []
        start = 0
        while start < len(word) <= LONGEST_WORD:
            lead = "##" if start else ""
            ends = range(min(len(word), start + self._longest), start, -1)
            end = next((end for end in ends if lead + word[start:end] in self._numbers), None)
            if end is None:
                return [_UNKNOWN]
            pieces.append(lead + word[start:end])
            start = end
        return pieces or [_UNKNOWN]


def _words(text: str) -> Iterator[str]:
    for chunk in "".join(map(_cleaned, text)).split():
        plain = unicodedata.normalize("NFD", chunk).lower()
        word = ""
        for character in plain:
            if unicodedata.category(character) == "Mn":
                continue
            if _stands_alone(character):
                if word:
                    yield word
                yield character
                word = ""
            else:
                word += character
        if word:
            yield word


def _cleaned(character: str) -> str:
    """A space for every white space, nothing for what is invisible or was lost in decoding."""
    if character.isspace():
        return " "
    lost = character == "\ufffd" or unicodedata.category(character) in {"Cc", "Cf", "Co"}
    return "" if lost else character


def _stands_alone(character: str) -> bool:
    if character in _ASCII_MARKS or unicodedata.category(character).startswith("P"):
        return True
    return any(first <= ord(character) <= last for first, last in _IDEOGRAPHS)
