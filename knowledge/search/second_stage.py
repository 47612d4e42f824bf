"""The second stage: a multilingual model, for questions that the first stage isn't sure of."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from knowledge.search.index import Entry, Ranking, sorted_ranking
from knowledge.search.ranker import SentenceModel, within
from knowledge.search.thresholds import ScoreSource, Thresholds, shipped_thresholds

SHARE = 0.4
"""Weight of the multilingual score in a blend; on three data sets 0.4 to 0.5 rank alike."""
YIELDING_ABROAD = 1.0
"""How far an unanswered question pulls down scores of questions in another language.

It is in the entries' language, and takes some that an entry answers along.
"""


class SecondStage:
    """Ranks by a multilingual model, blended with the first stage where that reads the language.

    A question in another language is ranked by the model alone.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        language: str,
        model: SentenceModel,
        unanswered: Sequence[str] = (),
        first_typical: float | None = None,
    ) -> None:
        """`first_typical`: median score of the phrasings in the first stage, if it has one."""
        phrasings = [entry.phrasings for entry in entries]
        self._model = model.learnt(phrasings, unanswered, language)
        typical = self._model.typical
        blended = None if first_typical is None else _blend(first_typical, typical)
        self.thresholds: Mapping[ScoreSource, Thresholds] = {
            ScoreSource.BOTH: shipped_thresholds(ScoreSource.BOTH).scaled_to(blended),
            ScoreSource.LANGUAGES: shipped_thresholds(ScoreSource.LANGUAGES).scaled_to(typical),
        }
        self._blends = first_typical is not None

    def source(self, ranking: Ranking) -> ScoreSource:
        """What the scores of a question are based on here."""
        reads = self._blends and not ranking.foreign
        return ScoreSource.BOTH if reads else ScoreSource.LANGUAGES

    def rank(self, text: str, first: Ranking) -> Ranking:
        """Rank all entries for a normalised text.

        `first`: the first stage's scores, before `sorted_ranking` is applied.
        """
        scores = list(map(within, self._model.scores(text)))
        unanswered = scores.pop() if len(scores) > len(first.ranked) else 0.0
        pairs = zip(first.ranked, scores, strict=True)
        if self.source(first) is ScoreSource.LANGUAGES:
            alone = [replace(one, score=score, in_all_languages=score) for one, score in pairs]
            ranking = replace(first, ranked=tuple(alone), unanswered=unanswered)
            return sorted_ranking(ranking, YIELDING_ABROAD)
        blended = [
            replace(one, score=_blend(one.score, score * first.familiar), in_all_languages=score)
            for one, score in pairs
        ]
        nowhere = _blend(first.unanswered, unanswered)
        return sorted_ranking(replace(first, ranked=tuple(blended), unanswered=nowhere))


def _blend(first: float, second: float) -> float:
    return (1 - SHARE) * first + SHARE * second
