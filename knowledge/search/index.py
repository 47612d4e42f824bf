"""Which entry a question is nearest to, by shared words, word pairs and parts of words.

An entry scores half for its two best phrasings and half for the centre of all of them. For the
first half, what many entries have in common counts less, so that what tells them apart decides.
Words that no entry uses lower every score, and so leave the order as it is.
Nothing here is random: the same question always gives the same ranking.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from knowledge.search.spelling import Speller
from knowledge.search.synonyms import Translator, synonyms
from knowledge.search.tfidf import Count, counted, features_of
from knowledge.search.word_frequency import Familiarity, everyday
from knowledge.tokens import stem, words, words_of

VERBATIM = 0.9
"""A phrasing this near was not met by one lucky word."""
YIELDING = 2.0
"""How far a score gives way, for each bit by which a question nobody can answer is nearer."""


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
    """The entry's nearest one, by its words."""
    by_words: float | None = None
    """The halves of a score that was blended; nothing where words are all there is."""
    by_meaning: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Every entry, best first, and how the question was read."""

    ranked: tuple[Ranked, ...]
    typed: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    """The words after mending, and with known ones for others that mean the same."""
    unknown: tuple[str, ...] = ()
    """Those that speak of something else."""
    familiar: float = 1
    """What every score was multiplied with for their sake."""
    unanswered: float = 0
    """How near the question comes to those that no entry answers."""


class Index:
    """Built once from all entries; `rank` only reads."""

    def __init__(
        self,
        entries: Sequence[Entry],
        language: str,
        knows: Callable[[str], bool] | None = None,
        unanswered: Sequence[str] = (),
        count: Count = counted,
    ) -> None:
        """`knows` may tell further words that are good as typed.

        `unanswered` are questions that no entry answers; their words don't become known by that.
        `count` may be one that keeps what it counted.
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
        self._speller = Speller(seen.elements(), everyday(language), knows)
        self._translator = Translator(seen, synonyms(language))
        self._familiarity = Familiarity(map(self._stemmed, texts), prose, everyday(language))
        self._verbatim: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, text in enumerate(self._counted.texts):
            self._verbatim[text].append(number)

    def rank(self, question: str) -> Ranking:
        return settled(self.compare(question))

    def compare(self, question: str) -> Ranking:
        """The same in the order of the entries, before any score gives way."""
        typed = words_of(question)
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
                Ranked(id=entry.id, score=familiar * score, phrasing=entry.phrasings[place])
                for entry, (score, place) in zip(self._entries, nearest, strict=False)
            ),
            unanswered=max((score for score, _ in nearest[len(self._entries) :]), default=0),
            typed=typed,
            read=read,
            unknown=self._familiarity.unknown(self._stemmed(read)),
            familiar=familiar,
        )

    def _stemmed(self, tokens: Sequence[str]) -> list[tuple[str, str]]:
        return [(token, self._stem(token)) for token in tokens]

    def _stem(self, token: str) -> str:
        return self._counted.stems.get(token) or stem(token, self._language)


def settled(ranking: Ranking) -> Ranking:
    """Best first; equal scores stand in the order of their ids.

    Where a question that no entry answers is nearer, scores give way, and keep their order.
    """
    ranked = [
        Ranked(
            id=one.id,
            score=one.score - YIELDING * max(0.0, ranking.unanswered - one.score),
            phrasing=one.phrasing,
            by_words=one.by_words,
            by_meaning=one.by_meaning,
        )
        for one in ranking.ranked
    ]
    ranked.sort(key=lambda one: (-one.score, one.id))
    return replace(ranking, ranked=tuple(ranked))


def _nearest(singles: list[float], middle: float) -> tuple[float, int]:
    """The best phrasing, steadied by the next best unless it was met all but word for word."""
    best = max(singles)
    place = singles.index(best)
    if len(singles) > 1:
        del singles[place]
    second = max(singles)
    nearest = best if best > VERBATIM else (2 * best + second) / 3
    return (nearest + middle) / 2, place
