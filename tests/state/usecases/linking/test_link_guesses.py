"""Short codes can't be tried out: a few guesses an hour for a chat, some more for all together."""

from datetime import timedelta

import pytest

from state.model.chat import ChatId
from state.rules.linking import (
    GUESSES_COUNT_FOR,
    GUESSES_OF_A_CHAT,
    GUESSES_OF_ALL,
    GuessingLocked,
    LinkProblem,
    LinkRefused,
)
from state.usecases.linking.link_chat import Linked, LinkPreview
from state.usecases.linking.offer_link import Offered
from tests.state.usecases.desk import CHAT, OTHER_CHAT, Desk, UseCases
from tests.support.builders import ADA
from tests.support.fakes import START

NO_CODE = "WRNG-CDES"
UNKNOWN = LinkRefused(LinkProblem.UNKNOWN)


async def guess(desk: Desk, times: int = 1, *, chat: ChatId = CHAT) -> object:
    outcome: object = None
    for _ in range(times):
        outcome = await desk.run(lambda do: do.inspect_link(chat, NO_CODE))
    return outcome


async def offer(desk: Desk) -> Offered:
    return await desk.run(lambda do: do.offer_link(ADA))


async def test_after_the_last_guess_even_the_right_code_is_not_checked(desk: Desk) -> None:
    offered = await offer(desk)
    last = await guess(desk, GUESSES_OF_A_CHAT)

    right = await desk.run(lambda do: do.inspect_link(CHAT, offered.code))

    assert last == UNKNOWN
    assert right == GuessingLocked(START + GUESSES_COUNT_FOR)


async def test_a_button_with_a_wrong_code_counts_as_a_guess(desk: Desk) -> None:
    await guess(desk, GUESSES_OF_A_CHAT - 1)

    pressed = await desk.run(lambda do: do.link_chat(CHAT, NO_CODE))

    assert pressed == UNKNOWN
    assert isinstance(await guess(desk), GuessingLocked)


async def test_a_link_token_works_during_the_lock(desk: Desk) -> None:
    offered = await offer(desk)
    await guess(desk, GUESSES_OF_A_CHAT)

    linked = await desk.run(lambda do: do.link_chat(CHAT, offered.token))

    assert isinstance(linked, Linked)


async def test_a_text_that_is_no_code_costs_no_guess(desk: Desk) -> None:
    offered = await offer(desk)

    async def try_what_is_no_code(do: UseCases) -> None:
        for secret in ("nothing", "token-that-was-never-made", "") * 3:
            await do.inspect_link(CHAT, secret)

    await desk.run(try_what_is_no_code)

    assert isinstance(await desk.run(lambda do: do.inspect_link(CHAT, offered.code)), LinkPreview)


async def test_codes_are_checked_again_from_the_announced_moment(desk: Desk) -> None:
    offered_later = None
    await guess(desk, GUESSES_OF_A_CHAT)
    locked = await guess(desk)
    assert isinstance(locked, GuessingLocked)
    desk.clock.moment = locked.until - timedelta(milliseconds=1)
    still = await guess(desk)
    desk.clock.moment = locked.until
    offered_later = await offer(desk)

    works = await desk.run(lambda do: do.inspect_link(CHAT, offered_later.code))

    assert still == locked
    assert isinstance(works, LinkPreview)


async def test_guesses_are_counted_for_each_chat(desk: Desk) -> None:
    offered = await offer(desk)
    await guess(desk, GUESSES_OF_A_CHAT + 1)

    other = await desk.run(lambda do: do.inspect_link(OTHER_CHAT, offered.code))

    assert isinstance(other, LinkPreview)


async def test_many_chats_together_are_limited_as_well(desk: Desk) -> None:
    offered = await offer(desk)
    for number in range(GUESSES_OF_ALL // GUESSES_OF_A_CHAT):
        await guess(desk, GUESSES_OF_A_CHAT, chat=ChatId(9000 + number))

    innocent = await desk.run(lambda do: do.inspect_link(CHAT, offered.code))

    assert innocent == GuessingLocked(START + GUESSES_COUNT_FOR)


@pytest.mark.parametrize("guesses", [1, GUESSES_OF_A_CHAT - 1])
async def test_one_or_two_wrong_codes_lock_nothing(desk: Desk, guesses: int) -> None:
    offered = await offer(desk)
    await guess(desk, guesses)

    assert isinstance(await desk.run(lambda do: do.inspect_link(CHAT, offered.code)), LinkPreview)


async def test_the_lock_survives_an_erasure_and_is_anonymous(desk: Desk) -> None:
    await desk.arrive()
    await guess(desk, GUESSES_OF_A_CHAT)

    await desk.run(lambda do: do.forget_freelancer(ADA))

    assert isinstance(await guess(desk), GuessingLocked)
    assert str(CHAT) not in str(desk.database.tables.guesses)
