"""`helpdesk ask`: answers on the terminal."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, assert_never

from bot.commands.faults import CommandError
from bot.config import Settings
from bot.desk import answer_engine, load_library, load_templating
from bot.markup import plain
from bot.templating import Templating
from bot.views import answers
from knowledge.engine import AnswerEngine
from knowledge.model import Answer, Found, Nothing, Unsure


class Terminal:
    """Asks the engine and puts the answer into the words of the chat, without markup."""

    def __init__(self, engine: AnswerEngine, templating: Templating) -> None:
        self._engine = engine
        self._templating = templating

    def text(self, question: str, language: str) -> str:
        found = self._engine.ask(question, language)
        words = self._words(found, question, language)
        match found:
            case Unsure(choices=choices):
                titles = "\n".join(f"  - {one.title}  [{one.slug}]" for one in choices)
                return f"{words}\n{titles}"
            case Found() | Nothing():
                return words
            case _:
                assert_never(found)

    def record(self, question: str, language: str) -> dict[str, Any]:
        """The answer as the public interface's JSON."""
        found = self._engine.ask(question, language)
        return {
            "q": question,
            "kind": kind_of(found),
            "slug": found.article.slug if isinstance(found, Found) else None,
            "candidates": [
                {"slug": one.slug, "score": round(one.score, 4)} for one in found.candidates
            ],
            "text": self._words(found, question, language) if isinstance(found, Found) else None,
        }

    def _words(self, found: Answer, question: str, language: str) -> str:
        reply = answers.answer(found, question)
        spoken = self._templating.language(language)
        return plain(self._templating.message(reply.template, reply.context, spoken))


def kind_of(found: Answer) -> str:
    match found:
        case Found():
            return "found"
        case Unsure():
            return "unsure"
        case Nothing():
            return "nothing"
        case _:
            assert_never(found)


def batch_questions(lines: Iterable[str], name: str) -> Iterator[str]:
    """The `q` of each JSON line; CommandError names the line that has none."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            question = json.loads(line)["q"]
        except (ValueError, KeyError, TypeError):
            question = None
        if not isinstance(question, str):
            raise CommandError(f'{name}, line {number}: expected a JSON object like {{"q": "…"}}.')
        yield question


def open_lines(path: Path) -> list[str]:
    """The lines of a text file; CommandError says what is wrong with it."""
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CommandError(f"{path} is not a UTF-8 text file.") from None


def terminal(settings: Settings) -> Terminal:
    return Terminal(answer_engine(load_library(settings)), load_templating(settings))
