"""Which entry a question is nearest to, by shared words, word pairs and parts of words.

An entry scores half for its two best phrasings and half for the centre of all of them. For the
first half, what many entries have in common counts less, so that what tells them apart decides.
Words that no entry uses lower every score, and so leave the order as it is.
Nothing here is random: the same question always gives the same ranking.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

from knowledge.spelling import Speller
from knowledge.synonyms import Translator, synonyms
from knowledge.text import normalise, part_features, stem, word_features, words
from knowledge.vectors import Features, Postings, centre, rarity
from knowledge.vocabulary import Familiarity, everyday

VERBATIM = 0.9
"""A phrasing this near was not met by one lucky word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something to be found, and the ways people ask for it: one of them at least."""

    id: str
    phrasings: tuple[str, ...]
    prose: str = ""
    """Its words are known ones, too, when a question uses them; they find nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    id: str
    score: float
    phrasing: str
    """The entry's nearest one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Every entry, best first, and how the question was read."""

    ranked: tuple[Ranked, ...]
    typed: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    """The words after mending, and with known ones for others that mean the same."""
    unknown: tuple[str, ...] = ()
    """Those that speak of something else."""


class Index:
    """Built once from all entries; `rank` only reads."""

    def __init__(self, entries: Sequence[Entry], language: str) -> None:
        self._language = language
        self._entries = tuple(entries)
        texts = [words(normalise(one)) for entry in entries for one in entry.phrasings]
        prose = {word for entry in entries for word in words(entry.prose.casefold())}
        seen = Counter(word for text in texts for word in text)
        self._speller = Speller(seen.elements(), everyday(language))
        self._translator = Translator(seen, synonyms(language))
        self._familiarity = Familiarity(map(self._stemmed, texts), prose, everyday(language))
        borders = accumulate((len(entry.phrasings) for entry in entries), initial=0)
        self._spans = tuple(pairwise(borders))
        features = [self._features(text) for text in texts]
        self._plain = rarity(_names(features), len(texts))
        among_entries = rarity(
            (set().union(*_names(features[start:end])) for start, end in self._spans),
            len(self._entries),
        )
        self._telling = self._plain.times(among_entries)
        self._by_text = Postings(map(self._telling.vector, features))
        self._by_entry = Postings(
            centre(map(self._plain.vector, features[start:end])) for start, end in self._spans
        )

    def rank(self, question: str) -> Ranking:
        """Equal scores stand in the order of their ids."""
        typed = words(normalise(question))
        read = self._speller.correct(self._translator.translate(typed))
        features = self._features(read)
        singles = self._by_text.products(self._telling.vector(features))
        centres = self._by_entry.products(self._plain.vector(features))
        familiar = self._familiarity.factor(self._stemmed(read))
        ranked = (
            _ranked(entry, singles[start:end], middle, familiar)
            for entry, (start, end), middle in zip(
                self._entries, self._spans, centres, strict=True
            )
        )
        return Ranking(
            ranked=tuple(sorted(ranked, key=lambda one: (-one.score, one.id))),
            typed=typed,
            read=read,
            unknown=self._familiarity.unknown(self._stemmed(read)),
        )

    def _stemmed(self, tokens: Sequence[str]) -> list[tuple[str, str]]:
        return [(token, stem(token, self._language)) for token in tokens]

    def _features(self, tokens: Sequence[str]) -> Features:
        stems = [stem(token, self._language) for token in tokens]
        parts = dict.fromkeys(part for token in tokens for part in _parts(token))
        return Features(list(dict.fromkeys(word_features(stems))), list(parts))


@lru_cache(maxsize=16_384)
def _parts(token: str) -> tuple[str, ...]:
    return tuple(part_features([token]))


def _names(features: Sequence[Features]) -> Iterator[list[str]]:
    return ([*one.words, *one.parts] for one in features)


def _ranked(entry: Entry, singles: Sequence[float], middle: float, familiar: float) -> Ranked:
    """Its best phrasing, steadied by the next best unless it was met all but word for word."""
    best, second = (sorted(singles, reverse=True) * 2)[:2]
    nearest = best if best > VERBATIM else (2 * best + second) / 3
    return Ranked(
        id=entry.id,
        score=familiar * (nearest + middle) / 2,
        phrasing=entry.phrasings[singles.index(best)],
    )
