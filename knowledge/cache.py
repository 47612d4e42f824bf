"""File cache of the search index, so that a start does not rebuild an unchanged index.

The file begins with a hash of everything the index depends on, this code included, and of its own
contents: another library, another version or a damaged file cause a rebuild.
"""

import json
import logging
import sys
import tempfile
import unicodedata
from array import array
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from importlib.resources import files
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, TypeAlias

from knowledge.search.tfidf import NUMBERS, WEIGHTS, Idf, Postings, Spans, TfidfIndex, build_index

log = logging.getLogger(__name__)


def write_atomically(file: Path, write: Callable[[Path], object]) -> None:
    """Write a file atomically: `write` gets a temporary path. A failure is only logged."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            made = Path(folder) / file.name
            write(made)
            made.replace(file)
    except OSError as error:
        log.warning("%s can't be kept, so the next start takes as long: %s", file, error)


CODE = ("search/tfidf.py", "tokens.py", "cache.py")
"""Source files whose changes may change the index."""
_Json: TypeAlias = Mapping[str, Any]


class CachedIndexBuilder:
    """An index builder with a cache: reads the index from `folder`, or builds and stores it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, phrasings: Sequence[str], spans: Spans, language: str) -> TfidfIndex:
        file = self._folder / f"words-{language}.bin"
        key = _key(phrasings, spans, language)
        contents = _contents(file, key)
        if contents is not None:
            return _unpacked(json.loads(contents))
        found = build_index(phrasings, spans, language)
        contents = json.dumps(_packed(found)).encode()
        write_atomically(file, lambda made: made.write_bytes(_mark(key, contents) + contents))
        return found


def _contents(file: Path, key: bytes) -> bytes | None:
    """The file's contents if it was stored under this key, else None."""
    try:
        kept = file.read_bytes()
    except OSError:
        return None
    size = len(_mark(key, b""))
    return kept[size:] if kept[:size] == _mark(key, kept[size:]) else None


def _mark(key: bytes, contents: bytes) -> bytes:
    return blake2b(key + contents).digest()


def _key(phrasings: Sequence[str], spans: Spans, language: str) -> bytes:
    given = json.dumps([phrasings, spans, language]).encode()
    return blake2b(_world() + given).digest()


@cache
def _world() -> bytes:
    """Hash of code and library versions, on which the index depends besides the phrasings."""
    code = [files("knowledge").joinpath(name).read_bytes() for name in CODE]
    versions = (version("snowballstemmer"), unicodedata.unidata_version, sys.byteorder)
    return blake2b(repr((code, versions)).encode()).digest()


def _packed(index: TfidfIndex) -> _Json:
    names = list(index.plain.known)
    return {
        "texts": [" ".join(text) for text in index.texts],
        "stems": index.stems,
        "names": names,
        "unseen": [index.plain.unseen, index.telling.unseen],
        "plain": _text(WEIGHTS, index.plain.known.values()),
        "telling": _text(WEIGHTS, map(index.telling.known.__getitem__, names)),
        "by_text": _packed_postings(index.by_text, names),
        "by_entry": _packed_postings(index.by_entry, names),
    }


def _unpacked(kept: _Json) -> TfidfIndex:
    names, unseen = kept["names"], kept["unseen"]
    return TfidfIndex(
        texts=[tuple(text.split()) for text in kept["texts"]],
        stems=kept["stems"],
        plain=Idf(dict(zip(names, _array(WEIGHTS, kept["plain"]), strict=True)), unseen[0]),
        telling=Idf(dict(zip(names, _array(WEIGHTS, kept["telling"]), strict=True)), unseen[1]),
        by_text=_unpacked_postings(kept["by_text"], names),
        by_entry=_unpacked_postings(kept["by_entry"], names),
    )


def _packed_postings(postings: Postings, names: Iterable[str]) -> _Json:
    """Posting lists concatenated into one, with their lengths beside."""
    listed = [postings.listed.get(name, ((), ())) for name in names]
    return {
        "size": postings.size,
        "counts": [len(numbers) for numbers, _ in listed],
        "numbers": _text(NUMBERS, (one for numbers, _ in listed for one in numbers)),
        "weights": _text(WEIGHTS, (one for _, weights in listed for one in weights)),
    }


def _unpacked_postings(kept: _Json, names: Iterable[str]) -> Postings:
    numbers, weights = _array(NUMBERS, kept["numbers"]), _array(WEIGHTS, kept["weights"])
    places = pairwise(accumulate(kept["counts"], initial=0))
    listed = {
        name: (numbers[start:end], weights[start:end])
        for name, (start, end) in zip(names, places, strict=True)
        if start < end
    }
    return Postings(listed, kept["size"])


def _text(kind: str, numbers: Iterable[float]) -> str:
    return b64encode(array(kind, numbers).tobytes()).decode()


def _array(kind: str, text: str) -> "array[Any]":
    return array(kind, b64decode(text))
