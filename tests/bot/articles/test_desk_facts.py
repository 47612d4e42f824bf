"""What a desk does, as its articles state it, and when facts of a reader are read."""

from dataclasses import replace
from typing import Any

import pytest

from bot.articles.reader_facts import anybody_at, channels_of, facts_for, facts_of
from knowledge.facts import NOBODY, Facts
from knowledge.model import Article
from state.model.account import FreelancerId
from state.model.channel import Channel
from state.rules.standing import CanCall
from state.usecases.progress.read import NotFound
from tests.state.usecases.desk import Desk
from tests.support.builders import ADA, a_profile, an_account, policy
from tests.support.libraries import an_article
from tests.support.readers import reading, view
from tests.support.scenes import settings_for


@pytest.fixture
def desk() -> Desk:
    return Desk()


PERSONAL = replace(an_article("tea", "how"), short="{{ linked }}")
PLAIN = an_article("bread", "how")


@pytest.mark.parametrize(
    ("settings", "by_call", "by_message"),
    [
        ({"voice": "none", "gateway_token": None}, False, False),
        ({"voice": "twilio", "gateway_token": None}, True, False),
        ({"voice": "none", "gateway_token": "t"}, False, True),
        ({"voice": "twilio", "gateway_token": "t"}, True, True),
    ],
)
def test_how_a_desk_sends_codes_is_known_by_its_settings(
    settings: dict[str, Any], *, by_call: bool, by_message: bool
) -> None:
    found = anybody_at(channels_of(settings_for("sqlite+aiosqlite://", **settings)))

    assert found == Facts(by_call=by_call, by_message=by_message)


def test_what_a_desk_does_is_known_of_every_reader() -> None:
    desk = anybody_at({Channel.GATEWAY})

    found = [
        facts_of(one, view(CanCall(1)), policy(), desk)
        for one in (NotFound(), reading(an_account()))
    ]

    assert [(one.by_call, one.by_message, one.linked) for one in found] == [
        (False, True, True)
    ] * 2


async def facts_at(desk: Desk, freelancer: FreelancerId | None, article: Article) -> Facts:
    return await desk.run(
        lambda do: facts_for(freelancer, article, do.read_progress, do.read_verification)
    )


async def test_facts_are_read_for_a_linked_reader_of_a_personal_article(desk: Desk) -> None:
    await desk.arrive(profile=a_profile(), completeness=72.0)

    found = await facts_at(desk, ADA, PERSONAL)

    assert (found.linked, found.earned, found.tries_left) == (True, 10, 3)


@pytest.mark.parametrize(("freelancer", "article"), [(None, PERSONAL), (ADA, PLAIN)])
async def test_facts_that_no_article_uses_are_not_read(
    desk: Desk, freelancer: FreelancerId | None, article: Article
) -> None:
    await desk.arrive()

    assert await facts_at(desk, freelancer, article) is NOBODY


async def test_who_is_not_linked_reads_what_the_desk_does(desk: Desk) -> None:
    anybody = anybody_at({Channel.GATEWAY})

    found = await desk.run(
        lambda do: facts_for(None, PERSONAL, do.read_progress, do.read_verification, anybody)
    )

    assert found is anybody
