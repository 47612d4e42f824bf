"""Lexical index: ranks entries by cosine similarity over words, word pairs and n-grams.

An entry's score is half that of its two best phrasings and half that of the centroid of all of
them. In the first half, features that many entries share weigh less, so that distinctive ones
decide. Words that no entry uses lower every score alike, and so keep the order.
The ranking is deterministic.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from knowledge.search.languages import language_of
from knowledge.search.spelling import Speller
from knowledge.search.synonyms import Translator, synonyms
from knowledge.search.tfidf import BuildIndex, build_index, features_of
from knowledge.search.word_frequency import Familiarity, frequency_ranks
from knowledge.tokens import MOST_WORDS, normalise, stem, words

VERBATIM = 0.9
"""A similarity above this is not due to one shared word."""
YIELDING = 2.0
"""How far a score drops per unit by which an unanswered question is more similar."""
OURS = 0.5
"""With a smaller share of words of the entries' language, a question is in another one."""
SEVERAL = 3
"""Fewer unknown words are as likely names, units, or slips."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A searchable entry, with at least one phrasing: a way in which people ask for it."""

    id: str
    phrasings: tuple[str, ...]
    prose: str = ""
    """Its text; words in it count as known but are not searched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One entry in a ranking, with its score."""

    id: str
    score: float
    phrasing: str
    """The entry's most similar phrasing, by words."""
    next_phrasing: str
    """The next one; the same if there is no other, or if the first is nearly verbatim."""
    by_words: float | None = None
    """The lexical part of a blended score; None without a semantic model."""
    by_meaning: float | None = None
    in_all_languages: float | None = None
    """The multilingual part of a score; None unless the second stage was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """All entries, best first, and how the question was read."""

    ranked: tuple[Ranked, ...]
    typed: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    """The words after spelling correction and synonyms."""
    unknown: tuple[str, ...] = ()
    """Words that point to another subject."""
    familiar: float = 1
    """Factor applied to all scores because of the unknown words."""
    unanswered: float = 0
    """Similarity to the closest question that no entry answers."""
    language: str | None = None
    """Language of the question, if it could be recognised."""
    foreign: bool = False
    """Whether the question is in another language than the entries."""


class Index:
    """Lexical index, built once from all entries; `rank` only reads it."""

    def __init__(
        self,
        entries: Sequence[Entry],
        language: str,
        knows: Callable[[str], bool] | None = None,
        unanswered: Sequence[str] = (),
        count: BuildIndex = build_index,
    ) -> None:
        """`knows`: accepts further words as spelt correctly.

        `unanswered`: questions that no entry answers; their words do not become known words.
        `count`: builds the TF-IDF index, possibly from a cache.
        """
        self._language = language
        self._entries = tuple(entries)
        phrasings = [one for entry in entries for one in entry.phrasings]
        sizes = [*(len(entry.phrasings) for entry in entries), len(unanswered)]
        self._spans = tuple(pairwise(accumulate(filter(None, sizes), initial=0)))
        self._counted = count([*phrasings, *unanswered], self._spans, language)
        texts = self._counted.texts[: len(phrasings)]
        prose = {word for entry in entries for word in words(entry.prose.casefold())}
        seen = Counter(word for text in texts for word in text)
        self._speller = Speller(texts, frequency_ranks(language), knows)
        self._translator = Translator(seen, synonyms(language))
        self._familiarity = Familiarity(
            map(self._stemmed, texts), prose, frequency_ranks(language)
        )
        self._verbatim: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, text in enumerate(self._counted.texts):
            self._verbatim[text].append(number)

    def rank(self, question: str) -> Ranking:
        return sorted_ranking(self.compare(question))

    def compare(self, question: str) -> Ranking:
        """Scores in the order of the entries, before `sorted_ranking` is applied."""
        text = normalise(question)
        typed = words(text)[:MOST_WORDS]
        read = self._speller.correct(self._translator.translate(typed))
        known, features = self._counted, features_of(read, list(map(self._stem, read)))
        singles = known.by_text.products(known.telling.vector(features))
        for number in self._verbatim.get(read, ()):
            singles[number] = 1.0
        centres = known.by_entry.products(known.plain.vector(features))
        familiar = self._familiarity.factor(self._stemmed(read))
        nearest = [
            _nearest(singles[start:end], middle)
            for (start, end), middle in zip(self._spans, centres, strict=True)
        ]
        return Ranking(
            ranked=tuple(
                Ranked(
                    id=entry.id,
                    score=familiar * score,
                    phrasing=entry.phrasings[first],
                    next_phrasing=entry.phrasings[second],
                )
                for entry, (score, first, second) in zip(self._entries, nearest, strict=False)
            ),
            unanswered=max((score for score, *_ in nearest[len(self._entries) :]), default=0),
            typed=typed,
            read=read,
            unknown=self._familiarity.unknown(self._stemmed(read)),
            familiar=familiar,
            language=(language := language_of(text)),
            foreign=self._is_foreign(language, typed, read),
        )

    def _is_foreign(self, language: str | None, typed: Sequence[str], read: Sequence[str]) -> bool:
        """Whether another language is recognised, or most of several words are none of ours.

        A text is ours if correcting it leaves no unknown word.
        """
        if language is not None:
            return language != self._language
        known = self._speller.share_known
        several = sum(not word.isdigit() for word in typed) >= SEVERAL
        return several and known(typed) < OURS and known(read) < 1

    def _stemmed(self, tokens: Sequence[str]) -> list[tuple[str, str]]:
        return [(token, self._stem(token)) for token in tokens]

    def _stem(self, token: str) -> str:
        return self._counted.stems.get(token) or stem(token, self._language)


def sorted_ranking(ranking: Ranking, yielding: float = YIELDING) -> Ranking:
    """Sort by score, then id.

    Scores drop by `yielding` where an unanswered question is more similar; their order stays.
    """
    ranked = [
        Ranked(
            id=one.id,
            score=one.score - yielding * max(0.0, ranking.unanswered - one.score),
            phrasing=one.phrasing,
            next_phrasing=one.next_phrasing,
            by_words=one.by_words,
            by_meaning=one.by_meaning,
            in_all_languages=one.in_all_languages,
        )
        for one in ranking.ranked
    ]
    ranked.sort(key=lambda one: (-one.score, one.id))
    return replace(ranking, ranked=tuple(ranked))


def _nearest(singles: list[float], middle: float) -> tuple[float, int, int]:
    """Score of the best phrasing, averaged with the second unless it is nearly verbatim.

    With the places of those that count, the same twice for one.
    """
    best = next_best = max(singles)
    first = second = singles.index(best)
    if len(singles) > 1 and best <= VERBATIM:
        singles[first] = -1.0  # below every similarity
        next_best = max(singles)
        second = singles.index(next_best)
    return ((2 * best + next_best) / 3 + middle) / 2, first, second
