"""Language of a text: by its script, and by frequent words where languages share one."""

import tomllib
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from knowledge.tokens import words

LATIN = "LATIN"
JAPANESE = frozenset({"HIRAGANA", "KATAKANA"})
"""They decide, as the other half of a Japanese text is written in Chinese characters."""
FEWEST = 2
"""Signs, such as frequent words, that a language of Latin script is recognised by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What a language is recognised by."""

    scripts: frozenset[str]
    letters: frozenset[str]
    """Letters that other languages of the script lack; together they count as one word."""
    words: frozenset[str]

    def count(self, said: Sequence[str], letters: frozenset[str]) -> int:
        return sum(word in self.words for word in said) + bool(self.letters & letters)


@cache
def known_languages() -> Mapping[str, Signs]:
    """The shipped languages, by their codes, in the order of the file."""
    listed = tomllib.loads((files("knowledge") / "languages.toml").read_text(encoding="utf-8"))
    return {
        code: Signs(
            scripts=frozenset(one["scripts"]),
            letters=frozenset(one.get("letters", "")),
            words=frozenset(word.replace("'", "") for word in one.get("words", "").split()),
        )
        for code, one in listed.items()
    }


def language_of(text: str) -> str | None:
    """Code of a normalised text's language; None if it is unclear."""
    letters = frozenset(text)
    script = _script(text)
    said = words(text)
    counts = {
        code: signs.count(said, letters)
        for code, signs in known_languages().items()
        if script in signs.scripts
    }
    best = max(counts, key=counts.__getitem__, default=None)
    if best is None or script != LATIN:
        return best
    second = max(count for code, count in counts.items() if code != best)
    return best if counts[best] >= FEWEST and counts[best] > second else None


def _script(text: str) -> str | None:
    """The script of most letters; a Japanese one if there is any letter of it."""
    found = Counter(_script_of(character) for character in text if character.isalpha())
    japanese = next((one for one in found if one in JAPANESE), None)
    return japanese or max(found, key=found.__getitem__, default=None)


@lru_cache(maxsize=4096)
def _script_of(letter: str) -> str:
    """The first word of a letter's name in Unicode, which is its script."""
    return unicodedata.name(letter, "").partition(" ")[0]
