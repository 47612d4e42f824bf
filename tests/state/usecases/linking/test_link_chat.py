"""Tying chats to freelancers: single use, and one to one."""

import pytest

from state.model.chat import Awaiting, Chat
from state.model.verification import Ended
from state.model.work import HangUp, ShowCall
from state.rules.linking import GuessingLocked, LinkProblem, LinkRefused
from state.usecases.linking.link_chat import Linked, LinkPreview
from state.usecases.linking.offer_link import Offered
from tests.state.usecases.desk import CHAT, OTHER_CHAT, Desk
from tests.support.builders import ADA, BEN, an_account
from tests.support.fakes import START


async def offer(desk: Desk, to: str = ADA) -> Offered:
    return await desk.run(lambda do: do.offer_link(ADA if to == ADA else BEN))


async def link(desk: Desk, secret: str, chat: int = CHAT) -> Linked | LinkRefused | GuessingLocked:
    return await desk.run(lambda do: do.link_chat(CHAT if chat == CHAT else OTHER_CHAT, secret))


@pytest.mark.parametrize("typed", ["{token}", "{code}", " {lower} ", "LINK-0002"])
async def test_a_chat_is_linked_by_token_or_typed_code(desk: Desk, typed: str) -> None:
    offered = await offer(desk)
    secret = typed.format(token=offered.token, code=offered.code, lower=offered.code.lower())

    linked = await link(desk, secret)

    assert linked == Linked(freelancer_id=ADA, moved_from=None)
    expected = Chat(id=CHAT, freelancer_id=ADA, linked_at=START)
    assert await desk.look().chats.of(ADA) == expected


async def test_the_repr_of_an_offer_shows_no_secret(desk: Desk) -> None:
    offered = await offer(desk)

    assert offered.token not in repr(offered)
    assert offered.code not in repr(offered)


async def test_a_link_can_be_used_once(desk: Desk) -> None:
    offered = await offer(desk)
    await link(desk, offered.token)

    again = await link(desk, offered.code, OTHER_CHAT)

    assert again == LinkRefused(LinkProblem.USED)


async def test_a_link_is_valid_for_ten_minutes(desk: Desk) -> None:
    offered = await offer(desk)
    desk.clock.forward(minutes=10)

    assert await link(desk, offered.token) == LinkRefused(LinkProblem.EXPIRED)


async def test_a_wrong_code_reveals_nothing(desk: Desk) -> None:
    assert await link(desk, "LINK9999") == LinkRefused(LinkProblem.UNKNOWN)


async def test_a_link_can_be_previewed_without_using_it(desk: Desk) -> None:
    await desk.run(lambda do: do.take_snapshot(an_account()))
    offered = await offer(desk)

    seen = await desk.run(lambda do: do.inspect_link(CHAT, offered.token))

    assert seen == LinkPreview(
        freelancer_id=ADA, display_name="A••", phone="+44 … 56", leaves=False
    )
    assert isinstance(await link(desk, offered.token), Linked)


async def test_a_freelancer_without_a_snapshot_has_no_name_in_the_preview(desk: Desk) -> None:
    offered = await offer(desk)

    seen = await desk.run(lambda do: do.inspect_link(CHAT, offered.code))

    assert seen == LinkPreview(freelancer_id=ADA, display_name=None, phone=None, leaves=False)


@pytest.mark.parametrize(("to", "leaves"), [(ADA, False), (BEN, True)])
async def test_the_preview_says_that_the_chat_would_leave_another_account(
    desk: Desk, to: str, leaves: bool
) -> None:
    await desk.arrive()
    offered = await offer(desk, to)

    seen = await desk.run(lambda do: do.inspect_link(CHAT, offered.token))

    assert isinstance(seen, LinkPreview)
    assert seen.leaves is leaves


async def test_previewing_a_used_link_gives_the_reason(desk: Desk) -> None:
    seen = await desk.run(lambda do: do.inspect_link(CHAT, "nothing"))

    assert seen == LinkRefused(LinkProblem.UNKNOWN)


async def test_linking_another_chat_moves_the_account(desk: Desk) -> None:
    await desk.arrive()
    offered = await offer(desk)

    linked = await link(desk, offered.token, OTHER_CHAT)

    assert linked == Linked(freelancer_id=ADA, moved_from=CHAT)
    assert await desk.look().chats.get(CHAT) == Chat(id=CHAT)


async def test_linking_the_same_chat_again_changes_nothing(desk: Desk) -> None:
    await desk.arrive()
    session = await desk.reach_code()
    offered = await offer(desk)

    linked = await link(desk, offered.token)

    assert linked == Linked(freelancer_id=ADA, moved_from=None)
    assert (await desk.session()).id == session
    assert not isinstance((await desk.session()).phase, Ended)


async def test_a_chat_that_links_another_account_leaves_the_former_one(desk: Desk) -> None:
    await desk.arrive()
    offered = await offer(desk, to=BEN)

    await link(desk, offered.token)

    assert await desk.look().chats.of(ADA) is None
    assert await desk.look().chats.of(BEN) is not None


async def test_unlinking_during_a_call_removes_the_code_from_the_chat(desk: Desk) -> None:
    await desk.arrive()
    session = await desk.reach_code()
    offered = await offer(desk)

    await link(desk, offered.token, OTHER_CHAT)

    last = desk.rows(ShowCall)[-1]
    assert last.task == ShowCall(session_id=session, chat_id=CHAT)
    assert last.lane == f"chat:{CHAT}"
    assert desk.tasks(HangUp) == [HangUp(session_id=session, sid=f"CA-{session}")]


async def test_unlinking_returns_the_account_and_clears_awaited_input(desk: Desk) -> None:
    await desk.arrive()
    await desk.run(
        lambda do: do.unit.chats.save(
            Chat(id=CHAT, freelancer_id=ADA, linked_at=START, awaiting=Awaiting.NUMBER)
        )
    )

    owner = await desk.run(lambda do: do.unlink_chat(CHAT))

    assert owner == ADA
    assert await desk.look().chats.get(CHAT) == Chat(id=CHAT)
    assert await desk.run(lambda do: do.unlink_chat(CHAT)) is None
