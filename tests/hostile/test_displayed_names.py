"""Names and texts of others are shown letter by letter, wherever they turn up.

Telegram's stand-in judges the markup of each message besides, and fails the test on any fault.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.presentation.renderer import Presenter
from bot.presentation.telegram_html import plain
from bot.presentation.templates import Templating
from bot.presentation.views import answers as answer_views
from bot.presentation.views.answers import ShownArticle
from state.model.question import QuestionId
from tests.hostile.texts import DONE_BY_A_TEMPLATE, HOSTILE
from tests.support.builders import a_snapshot
from tests.support.chat import ADA, Conversation, Scene
from tests.support.libraries import an_article
from tests.support.scenes import opened_scene

every_text = pytest.mark.parametrize("text", HOSTILE)


def done_in(conversation: Conversation) -> list[str]:
    return [one for one in DONE_BY_A_TEMPLATE if one in conversation.text]


@every_text
async def test_only_the_first_letter_of_a_display_name_is_shown(
    scene: Scene, ada: Conversation, text: str
) -> None:
    await scene.push(a_snapshot(ada.person, scene.clock.now(), display_name=text))
    offered = await scene.offer_link(f"f-{ada.person}")
    await ada.say(f"/start {offered['url'].partition('?start=')[2]}")

    assert f"The link is for the account of {text[0]}••, phone" in ada.text
    assert done_in(ada) == []


@every_text
async def test_the_brand_name_is_shown_literally(
    sqlite_url: str, tmp_path: Path, text: str
) -> None:
    async with opened_scene(sqlite_url, folder=tmp_path, brand=text) as scene:
        ada = scene.person(ADA)
        await ada.say("/start")

    assert f"Hello! This is {text}." in ada.text
    assert done_in(ada) == []


@every_text
def test_an_article_title_is_shown_literally(text: str) -> None:
    article = replace(an_article("tea", "how"), title=text)
    reply = answer_views.article(ShownArticle(article=article, record=QuestionId(1)))

    shown = Presenter(Templating(brand="Test Desk", code_digits=6))(reply, ADA, "en")

    assert plain(shown.text).startswith(text)


@every_text
async def test_a_question_with_markup_or_commands_is_treated_as_a_question(
    scene: Scene, ada: Conversation, text: str
) -> None:
    await ada.link(display_name=text)
    for said in (text, f"/start {text}", f"/verify {text}", f"/{text}"):
        await ada.say(said)
    await ada.edit(text)

    assert done_in(ada) == []


@every_text
async def test_an_account_with_hostile_texts_is_read_and_shown_literally(
    scene: Scene, ada: Conversation, text: str
) -> None:
    await ada.link(display_name=text, something_else=text)
    await ada.say("/connects")
    await ada.say("/export")

    assert "Connects" in ada.text
    assert done_in(ada) == []
