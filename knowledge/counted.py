"""How often texts have a feature, and what it then says: the part of an index that is slow.

It hangs on the phrasings alone, so that whoever counts may keep what came out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import TypeAlias

from knowledge.text import normalise, part_features, stem, word_features, words
from knowledge.vectors import Features, Postings, Weighing, centre, rarity

MOST_SHARED = 200
"""What more phrasings have in common doesn't tell them apart; looking it up would take longest."""

Tokens: TypeAlias = tuple[str, ...]
Spans: TypeAlias = Sequence[tuple[int, int]]
"""From which text to before which one belong to an entry, for each of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    texts: Sequence[Tokens]
    stems: Mapping[str, str]
    """Of every word in the texts."""
    plain: Weighing
    telling: Weighing
    """What many entries have in common says less here; the same features as in the plain one."""
    by_text: Postings
    by_entry: Postings


Count: TypeAlias = Callable[[Sequence[str], Spans, str], Counted]


def counted(phrasings: Sequence[str], spans: Spans, language: str) -> Counted:
    texts = [words(normalise(one)) for one in phrasings]
    stems = {token: stem(token, language) for token in chain.from_iterable(texts)}
    features = [features_of(text, [stems[token] for token in text]) for text in texts]
    plain = rarity(_names(features), len(texts))
    among_entries = rarity(
        (set().union(*_names(features[start:end])) for start, end in spans), len(spans)
    )
    telling = plain.times(among_entries)
    return Counted(
        texts=texts,
        stems=stems,
        plain=plain,
        telling=telling,
        by_text=Postings.of(map(telling.vector, features), MOST_SHARED),
        by_entry=Postings.of(
            centre(map(plain.vector, features[start:end])) for start, end in spans
        ),
    )


def features_of(tokens: Sequence[str], stems: Sequence[str]) -> Features:
    parts = dict.fromkeys(chain.from_iterable(map(_parts, tokens)))
    return Features(list(dict.fromkeys(word_features(stems))), list(parts))


@lru_cache(maxsize=16_384)
def _parts(token: str) -> tuple[str, ...]:
    return tuple(part_features([token]))


def _names(features: Sequence[Features]) -> Iterator[list[str]]:
    return ([*one.words, *one.parts] for one in features)
