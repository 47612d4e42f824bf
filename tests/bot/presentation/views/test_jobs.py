"""Views of the desk's own jobs, and the buttons by which articles offer them."""

from dataclasses import replace

import pytest

from bot.presentation.buttons import DoJob
from bot.presentation.views import answers as answer_views
from bot.presentation.views import jobs as job_views
from bot.presentation.views.answers import ShownArticle
from knowledge.model import OFFERED, Job
from state.model.question import QuestionId
from tests.bot.presentation.views.shown import labels, words
from tests.support.libraries import shipped_library

[ARTICLE, *_] = shipped_library().articles("en")
LABELS = [
    (Job.PROGRESS, "My Connects"),
    (Job.VERIFY, "Verify my phone"),
    (Job.LINK, "Link my account"),
    (Job.UNLINK, "Unlink this chat"),
    (Job.PRIVACY, "What is kept of me"),
    (Job.EXPORT, "Send me my data"),
    (Job.FORGET, "Erase my data"),
    (Job.REMINDERS, "Remind me once a week"),
    (Job.LANGUAGE, "Languages"),
    (Job.PERSON, "Talk to a person"),
]


@pytest.mark.parametrize(("job", "label"), LABELS)
def test_an_article_offers_its_job_once(job: Job, label: str) -> None:
    shown = ShownArticle(article=replace(ARTICLE, action=job), record=QuestionId(1))

    assert label in labels(answer_views.article(shown))
    assert labels(answer_views.article(shown, menu=True)).count(label) == 1


def test_each_job_of_an_article_has_a_button_but_the_one_that_shows_the_article() -> None:
    assert job_views.BUTTONS.keys() == OFFERED - {Job.ABOUT}


def test_a_button_of_another_version_names_no_job() -> None:
    assert DoJob("unlink").job is Job.UNLINK
    assert DoJob("dance").job is None


@pytest.mark.parametrize(
    ("offered", "said"),
    [
        (("en",), "I write English only."),
        (("en", "pt-BR", "tlh"), "I write English, português (Brasil), tlh: the one"),
    ],
)
def test_languages_are_named_in_themselves(offered: tuple[str, ...], said: str) -> None:
    shown = words(job_views.languages(offered, {"en", "es"}))

    assert shown.startswith(said)
    assert "The articles are in English, español." in shown
