"""Simulates typing errors on a phone: one in ten characters, from a seeded generator."""

from random import Random
from string import ascii_lowercase

EVERY = 10


def mistyped(text: str, dice: Random) -> str:
    """Omit, insert, replace or swap one letter in every `EVERY` characters."""
    for _ in range(max(1, round(len(text) / EVERY))):
        letters = [place for place, letter in enumerate(text) if letter.isalpha()]
        if letters:
            text = _slip(text, dice.choice(letters), dice)
    return text


def _slip(text: str, at: int, dice: Random) -> str:
    before, letter, after = text[:at], text[at], text[at + 1 :]
    return before + dice.choice(
        [
            after,
            dice.choice(ascii_lowercase) + letter + after,
            dice.choice(ascii_lowercase) + after,
            after[:1] + letter + after[1:],
        ]
    )
