"""Recognises a request for one of the desk's own jobs, such as "what is left for me?".

Lexicons map the words and phrases of each language to concepts, and rules over concepts, the same
for all languages, map a message to a job (`knowledge/intents`). The rules have to account for all
but one or two words of a message: a question about a subject, which has words of its own, is none.
"""

import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate, chain
from typing import Any

from knowledge.model import DEFAULT_LANGUAGE, Job, Library
from knowledge.search.spelling import Speller, distance
from knowledge.search.word_frequency import frequency_ranks
from knowledge.tokens import normalise

LONGEST = 200
"""Characters of a request; a longer message tells a story."""
MOST_WORDS = 16
FEW_WORDS = 4
"""A message of fewer words has to be understood to the last one."""
SHORT = 7
"""A message of fewer words may have one word that is foreign to the job, others two.

Of the two, one may be unknown altogether."""
SHORTEST = 5
"""Shorter words are not corrected: too many others are one letter away."""
MOST_MISTYPED = 2
"""Unknown words that may be typing errors; with more, a message is about something else."""
NUMBER = "0"
"""Stands for any number."""
KEPT = 256
"""Messages that are remembered: one is read ahead, and again in its turn."""
_RULES, _EXAMPLES = "rules", "examples"


@dataclass(frozen=True, slots=True)
class MessageConcepts:
    """The concepts of a message in one language, as bit masks."""

    places: tuple[int, ...]
    """Concepts of each word, from all phrases that it is part of; 0 for an unknown word."""
    meant: int
    """Concepts of the longest phrases only: in "log out" there is no "log"."""


class Lexicon:
    """The words and phrases of one language with their concepts."""

    def __init__(self, listed: Mapping[str, str], bits: Mapping[str, int]) -> None:
        """`listed`: phrases by concept, as in the file; `bits`: the bit of each concept."""
        self._phrases: dict[str, dict[tuple[str, ...], int]] = defaultdict(dict)
        """By first word."""
        self._stems: dict[str, int] = {}
        """Beginnings of words, which stand for any ending."""
        for concept, phrases in listed.items():
            for phrase in phrases.split():
                self._add(phrase, bits[concept])
        self._lengths = sorted(set(map(len, self._stems)))

    @property
    def phrases(self) -> Iterable[tuple[str, ...]]:
        """The words of each phrase."""
        return chain.from_iterable(self._phrases.values())

    def read(self, words: Sequence[str]) -> MessageConcepts:
        spans = [
            (start, start + length, bits)
            for start, word in enumerate(words)
            for length, bits in self._found(word, words[start:])
        ]
        places = [0] * len(words)
        furthest = [0] * len(words)
        for start, end, bits in spans:
            furthest[start] = max(furthest[start], end)
            for place in range(start, end):
                places[place] |= bits
        before = [0, *accumulate(furthest, max)]
        meant = 0
        for start, end, bits in spans:
            if end == furthest[start] > before[start]:
                meant |= bits
        return MessageConcepts(tuple(places), meant)

    def _add(self, phrase: str, bit: int) -> None:
        if phrase.endswith("*"):
            stem = normalise(phrase[:-1])
            self._stems[stem] = self._stems.get(stem, 0) | bit
            return
        words = _words(phrase)
        known = self._phrases[words[0]]
        known[words] = known.get(words, 0) | bit

    def _found(self, word: str, ahead: Sequence[str]) -> Iterable[tuple[int, int]]:
        """Length and concepts of each phrase that `ahead` begins with; its first is `word`."""
        for phrase, bits in self._phrases.get(word, {}).items():
            if tuple(ahead[: len(phrase)]) == phrase:
                yield len(phrase), bits
        for length in self._lengths:
            bits = self._stems.get(word[:length], 0)
            if bits and len(word) >= length:
                yield 1, bits


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a job, as bit masks."""

    needed: tuple[int, ...]
    """One concept of each has to be there."""
    excluded: int

    def matches(self, present: int, meant: int) -> bool:
        return not meant & self.excluded and all(map(present.__and__, self.needed))


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRules:
    """The rules of one job."""

    job: Job
    rules: tuple[Rule, ...]
    excluded: int
    known: int
    """Concepts that a message may contain besides those of the rule that it matches."""

    def matches(self, present: int, meant: int) -> bool:
        return not meant & self.excluded and any(
            rule.matches(present, meant) for rule in self.rules
        )

    def foreign(self, places: Iterable[int]) -> int:
        """The number of words whose concepts are none of the job's."""
        return sum(bool(place) and not place & self.known for place in places)


class JobRecogniser:
    """Recognises jobs in messages; built once, and anew when the library changes."""

    def __init__(self, phrasings: Mapping[str, Mapping[tuple[str, ...], Job | None]]) -> None:
        """`phrasings`: the words of the articles' phrasings by language, with the article's job.

        What an article uses is never overlooked, and its own words get the article.
        """
        self._phrasings = phrasings
        self._subjects = {
            language: set(chain.from_iterable(words)) for language, words in phrasings.items()
        }
        self._never, self._jobs, self._lexicons = _shipped()
        known = (chain.from_iterable(one.phrases) for one in self._lexicons.values())
        everyday = frequency_ranks(DEFAULT_LANGUAGE)
        self._good = everyday.keys() | set().union(*known, *self._subjects.values())
        self._speller = Speller(self._lexicons[DEFAULT_LANGUAGE].phrases, everyday)
        self._asked = lru_cache(maxsize=KEPT)(self._find)

    def job(self, text: str) -> Job | None:
        """The job that a message asks for; None if it is about anything else."""
        words = _request(text)
        job = self._asked(words) or self._asked(self._mended(words))
        return None if job is None or self._is_phrasing(words, job) else job

    def may_be_job(self, text: str) -> bool:
        """Whether a message is short enough for a request, and has no word that rules it out."""
        words = _request(text)
        return bool(words) and not any(
            lexicon.read(words).meant & self._never for lexicon in self._lexicons.values()
        )

    def _is_phrasing(self, words: tuple[str, ...], job: Job) -> bool:
        """Whether these are the words of an article that is not about the job."""
        return any(
            words in phrasings and phrasings[words] is not job
            for phrasings in self._phrasings.values()
        )

    def _find(self, words: tuple[str, ...]) -> Job | None:
        readings = {name: lexicon.read(words) for name, lexicon in self._lexicons.items()}
        if any(reading.meant & self._never for reading in readings.values()):
            return None
        return next(
            filter(None, (self._in(name, words, readings[name]) for name in readings)), None
        )

    def _in(self, language: str, words: Sequence[str], reading: MessageConcepts) -> Job | None:
        """The job that a message in this language asks for."""
        strange = [word for word, place in zip(words, reading.places, strict=True) if not place]
        spare = _overlooked(len(words)) - len(strange)
        subjects = self._subjects.get(language, set())
        if (strange and spare < 1) or not subjects.isdisjoint(strange):
            return None
        present = 0
        for place in reading.places:
            present |= place
        for one in self._jobs:
            if one.matches(present, reading.meant) and one.foreign(reading.places) <= spare:
                return one.job
        return None

    def _mended(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The words with typing errors corrected; none if there are no errors, or too many."""
        unknown = {word for word in words if len(word) >= SHORTEST} - self._good
        if not 0 < len(unknown) <= MOST_MISTYPED:
            return ()
        return tuple(self._mend(word) if word in unknown else word for word in words)

    def _mend(self, word: str) -> str:
        """The word that is one typing error away, or the word itself."""
        read = " ".join(self._speller.correct((word,)))
        return read if distance(word, read) == 1 else word


def recogniser(library: Library) -> JobRecogniser:
    """The recogniser for a library, whose articles' words belong to questions about subjects."""
    return JobRecogniser(
        {
            language: {
                _words(phrasing): article.action
                for article in library.articles(language)
                for phrasing in (article.title, *article.questions)
            }
            for language in library.categories_by_language
        }
    )


def _request(text: str) -> tuple[str, ...]:
    """The words of a message that is short enough for a request; none for others."""
    words = _words(text) if len(text) <= LONGEST else ()
    return words if len(words) <= MOST_WORDS else ()


def _overlooked(count: int) -> int:
    """How many of so many words a message may have that the rules don't account for."""
    if count < FEW_WORDS:
        return 0
    return 1 if count < SHORT else 2


def _words(text: str) -> tuple[str, ...]:
    """Words of a text with their vowel signs, which `tokens.words` takes for borders."""
    words = "".join(map(_sign, normalise(text))).split()
    return tuple(NUMBER if word.isdecimal() else word for word in words)


def _sign(sign: str) -> str:
    if sign.isalnum() or unicodedata.category(sign).startswith("M"):
        return sign
    return "" if sign in "'\u2019\u02bc" else " "


@cache
def _shipped() -> tuple[int, tuple[JobRules, ...], Mapping[str, Lexicon]]:
    """Concepts that rule out every job, the rules in order, and the lexicons by language."""
    parsed = {
        file.name.removesuffix(".toml"): tomllib.loads(file.read_text(encoding="utf-8"))
        for file in sorted((files("knowledge") / "intents").iterdir(), key=lambda one: one.name)
    }
    rules = parsed.pop(_RULES)
    del parsed[_EXAMPLES]
    concepts = sorted({concept for listed in parsed.values() for concept in listed})
    bits = {concept: 1 << place for place, concept in enumerate(concepts)}
    jobs = tuple(_job_rules(one, rules["always"], bits) for one in rules["job"])
    lexicons = {name: Lexicon(listed, bits) for name, listed in parsed.items()}
    return _mask(rules["never"], bits), jobs, lexicons


def _job_rules(listed: Mapping[str, Any], always: str, bits: Mapping[str, int]) -> JobRules:
    rules = tuple(_rule(line, bits) for line in listed["rules"])
    known = _mask(f"{always} {listed['may']}", bits)
    for rule in rules:
        for one in rule.needed:
            known |= one
    return JobRules(
        job=Job(listed["is"]), rules=rules, excluded=_mask(listed["never"], bits), known=known
    )


def _rule(line: str, bits: Mapping[str, int]) -> Rule:
    terms = line.split()
    return Rule(
        needed=tuple(_mask(one.replace("|", " "), bits) for one in terms if one[0] != "-"),
        excluded=_mask(" ".join(one[1:] for one in terms if one[0] == "-"), bits),
    )


def _mask(concepts: str, bits: Mapping[str, int]) -> int:
    return sum({bits[concept] for concept in concepts.split()})
