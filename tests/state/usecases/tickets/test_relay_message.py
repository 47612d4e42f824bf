from dataclasses import replace
from datetime import timedelta

import pytest

from state.model.chat import ChatId
from state.model.question import AnswerNote, Outcome
from state.model.staff import Role, Staff
from state.model.ticket import (
    Author,
    Closed,
    HandOver,
    MessageContent,
    Resolution,
    Taken,
    TalkMessage,
    Ticket,
    TicketId,
)
from state.model.work import (
    CallerNews,
    CarryDeletion,
    CarryEdit,
    CarryToCaller,
    CarryToGroup,
    CloseTopic,
    GroupNews,
    ShowPacket,
    Side,
    TellCaller,
    TellGroup,
)
from state.rules.tickets import HeldByOther, NotOpen
from state.usecases.tickets.hold import NoTicket
from state.usecases.tickets.open import Opened, Opening
from state.usecases.tickets.relay_message import Passed
from tests.state.usecases.desk import CHAT, OTHER_CHAT, Desk
from tests.support.builders import staff_member
from tests.support.fakes import START

ANN, BOB = staff_member(1), staff_member(2)
LEA = staff_member(3, role=Role.LEAD)
HELLO = MessageContent(text="Hello?", message_id=9000)


async def open_ticket(desk: Desk, reason: HandOver = HandOver.ASKED) -> Opened:
    opened = await desk.run(
        lambda do: do.open_ticket(CHAT, reason, caller="Ada Lovelace", language="en")
    )
    assert isinstance(opened, Opened)
    return opened


async def reply(
    desk: Desk, ticket: Ticket, by: Staff = ANN, said: MessageContent = HELLO
) -> object:
    return await desk.run(lambda do: do.reply_to_freelancer(ticket.id, by, said))


async def close(desk: Desk, ticket: Ticket) -> object:
    return await desk.run(lambda do: do.close_ticket(ticket.id, ANN))


async def stored(desk: Desk) -> Ticket:
    ticket = await desk.look().tickets.last(CHAT)
    assert ticket is not None
    return ticket


async def test_a_new_conversation_includes_the_bots_recent_answers(desk: Desk) -> None:
    await desk.arrive()
    note = AnswerNote(words="why only 10?", outcome=Outcome.FOUND, slug="steps", score=0.7)
    await desk.run(lambda do: do.note_answers(CHAT, 9000, "en", [note]))

    opened = await open_ticket(desk, HandOver.UNCLEAR)

    assert opened.how is Opening.NEW
    assert opened.expected_at == START + timedelta(minutes=30)
    view = await desk.run(lambda do: do.read_ticket(opened.ticket.id))
    assert view is not None
    assert [(one.words, one.slug, one.score) for one in view.packet.ticket.asked] == [
        ("why only 10?", "steps", 0.7)
    ]
    assert view.packet.ticket.reason is HandOver.UNCLEAR
    assert view.packet.progress is not None
    assert view.packet.verification is not None
    assert view.packet.verification.number == "+44 … 56"
    assert desk.tasks(ShowPacket) == [ShowPacket(ticket_id=opened.ticket.id, anew=True)]


async def test_asking_twice_opens_one_conversation(desk: Desk) -> None:
    first = await open_ticket(desk)
    second = await open_ticket(desk)

    assert second.how is Opening.ALREADY
    assert second.ticket == first.ticket


@pytest.mark.parametrize(("hours", "how", "reopened"), [(71, "again", 1), (73, "new", 0)])
async def test_returning_within_three_days_is_counted_as_reopening(
    desk: Desk, hours: int, how: str, reopened: int
) -> None:
    opened = await open_ticket(desk)
    await close(desk, opened.ticket)
    desk.clock.forward(hours=hours)

    again = await open_ticket(desk)

    assert again.how == how
    assert (await stored(desk)).reopened == reopened


async def test_messages_are_passed_on_and_confirmed_once(desk: Desk) -> None:
    await open_ticket(desk)

    first = await desk.run(lambda do: do.relay_from_freelancer(CHAT, HELLO))
    second = await desk.run(
        lambda do: do.relay_from_freelancer(CHAT, replace(HELLO, message_id=9001))
    )

    assert isinstance(first, Passed)
    assert isinstance(second, Passed)
    assert (first.first, second.first) == (True, False)
    assert len(desk.tasks(CarryToGroup)) == 2


async def test_messages_outside_a_conversation_are_not_passed_on(desk: Desk) -> None:
    assert await desk.run(lambda do: do.relay_from_freelancer(CHAT, HELLO)) == NotOpen()


async def test_a_reply_takes_a_waiting_conversation(desk: Desk) -> None:
    opened = await open_ticket(desk)

    await reply(desk, opened.ticket)

    ticket = await stored(desk)
    assert ticket.state == Taken(ANN.id, START)
    assert ticket.first_reply_at == START
    assert [task.news for task in desk.tasks(TellCaller)] == [CallerNews.TAKEN]  # type: ignore[union-attr]
    assert len(desk.tasks(CarryToCaller)) == 1
    assert desk.tasks(CarryToGroup) == []


async def test_a_reply_from_the_staff_pages_is_shown_in_the_group_too(desk: Desk) -> None:
    opened = await open_ticket(desk)

    await reply(desk, opened.ticket, said=MessageContent(text="Hi"))

    assert len(desk.tasks(CarryToGroup)) == 1


async def test_a_conversation_held_by_one_member_is_not_answered_by_another(desk: Desk) -> None:
    opened = await open_ticket(desk)
    await reply(desk, opened.ticket)

    refused = await reply(desk, opened.ticket, BOB, replace(HELLO, message_id=9001))
    await desk.run(lambda do: do.take_ticket(opened.ticket.id, BOB, over=True))
    accepted = await reply(desk, opened.ticket, BOB, replace(HELLO, message_id=9001))

    assert refused == HeldByOther(ANN.id)
    assert isinstance(accepted, TalkMessage)
    assert (await stored(desk)).state == Taken(BOB.id, START)


async def test_a_closed_conversation_cannot_be_answered(desk: Desk) -> None:
    opened = await open_ticket(desk)
    await close(desk, opened.ticket)

    assert await reply(desk, opened.ticket) == NotOpen()
    assert isinstance(await desk.run(lambda do: do.take_ticket(opened.ticket.id, BOB)), Ticket)


async def test_a_released_conversation_waits_again(desk: Desk) -> None:
    opened = await open_ticket(desk)
    await reply(desk, opened.ticket)

    assert await desk.run(lambda do: do.release_ticket(opened.ticket.id, BOB)) == HeldByOther(
        ANN.id
    )
    await desk.run(lambda do: do.release_ticket(opened.ticket.id, LEA))

    lines = await desk.run(lambda do: do.list_tickets())
    assert [(one.who, one.holder, one.ticket.id) for one in lines] == [
        ("Ada L.", None, opened.ticket.id)
    ]


async def test_the_end_is_announced_and_can_be_rated(desk: Desk) -> None:
    opened = await open_ticket(desk)
    await close(desk, opened.ticket)

    number = opened.ticket.id
    theirs = await desk.run(lambda do: do.say_whether_solved(CHAT, number, solved=True))
    other = await desk.run(lambda do: do.say_whether_solved(OTHER_CHAT, number, solved=False))

    assert (theirs, other) == (True, False)
    ticket = await stored(desk)
    assert ticket.solved is True
    assert ticket.state == Closed(START, Resolution.BY_STAFF, ANN.id)
    assert [task.news for task in desk.tasks(TellCaller)] == [CallerNews.CLOSED]  # type: ignore[union-attr]
    assert desk.tasks(CloseTopic) == [CloseTopic(chat_id=CHAT)]


async def test_returning_to_the_bot_is_announced_in_the_group(desk: Desk) -> None:
    await open_ticket(desk)

    await desk.run(lambda do: do.leave_ticket(CHAT))

    assert (await stored(desk)).state == Closed(START, Resolution.BACK_TO_BOT)
    assert [task.news for task in desk.tasks(TellGroup)] == [GroupNews.LEFT]  # type: ignore[union-attr]
    assert await desk.run(lambda do: do.leave_ticket(CHAT)) == NotOpen()
    assert await desk.run(lambda do: do.leave_ticket(OTHER_CHAT)) == NotOpen()


async def test_edits_are_passed_on_to_the_other_side(desk: Desk) -> None:
    opened = await open_ticket(desk)
    await desk.run(lambda do: do.relay_from_freelancer(CHAT, HELLO))
    message = await reply(desk, opened.ticket, said=MessageContent(text="Hi", message_id=77))
    assert isinstance(message, TalkMessage)
    mine = MessageContent(text="Hello!", html="Hello!", message_id=9000)
    theirs = MessageContent(text="Hi!", html="<b>Hi!</b>", message_id=77)

    await desk.run(lambda do: do.edit_talk.by_freelancer(CHAT, mine))
    await desk.run(lambda do: do.edit_talk.by_staff(ANN, theirs))
    strange = await desk.run(lambda do: do.edit_talk.by_staff(BOB, theirs))

    assert strange is None
    assert [(task.to, task.html) for task in desk.tasks(CarryEdit)] == [  # type: ignore[union-attr]
        (Side.GROUP, "Hello!"),
        (Side.CALLER, "<b>Hi!</b>"),
    ]
    talk = await desk.look().talks.of(opened.ticket.id)
    assert [(one.text, one.edited_at) for one in talk] == [("Hello!", START), ("Hi!", START)]


async def test_a_message_from_outside_a_conversation_cannot_be_edited_in_one(desk: Desk) -> None:
    assert await desk.run(lambda do: do.edit_talk.by_freelancer(CHAT, HELLO)) is None


@pytest.mark.parametrize(("who", "may"), [(ANN, True), (BOB, False), (LEA, True)])
async def test_staff_can_delete_their_own_messages(desk: Desk, who: Staff, may: bool) -> None:
    opened = await open_ticket(desk)
    message = await reply(desk, opened.ticket)
    assert isinstance(message, TalkMessage)

    assert await desk.run(lambda do: do.take_back(who, message)) is may

    assert len(desk.tasks(CarryDeletion)) == may


async def test_staff_cannot_delete_messages_of_the_freelancer(desk: Desk) -> None:
    opened = await open_ticket(desk)
    await desk.run(lambda do: do.relay_from_freelancer(CHAT, HELLO))
    [message] = await desk.look().talks.of(opened.ticket.id)

    assert message.author is Author.FREELANCER
    assert await desk.run(lambda do: do.take_back(LEA, message)) is False


async def test_notes_are_visible_only_to_staff(desk: Desk) -> None:
    opened = await open_ticket(desk)

    await desk.run(lambda do: do.note_on_ticket(opened.ticket.id, ANN, "called back"))

    view = await desk.run(lambda do: do.read_ticket(opened.ticket.id))
    assert view is not None
    assert [note.text for note in view.notes] == ["called back"]
    assert desk.tasks(TellCaller, CarryToCaller) == []


async def test_actions_on_an_unknown_ticket_do_nothing(desk: Desk) -> None:
    number = TicketId(99)

    outcomes = [
        await desk.run(lambda do: do.take_ticket(number, ANN)),
        await desk.run(lambda do: do.release_ticket(number, ANN)),
        await desk.run(lambda do: do.close_ticket(number, ANN)),
        await desk.run(lambda do: do.reply_to_freelancer(number, ANN, HELLO)),
        await desk.run(lambda do: do.note_on_ticket(number, ANN, "x")),
        await desk.run(lambda do: do.ban_chat(number, ANN, "x")),
    ]

    assert outcomes == [NoTicket()] * 6
    assert await desk.run(lambda do: do.read_ticket(number)) is None


async def test_an_album_is_passed_on_as_one(desk: Desk) -> None:
    await open_ticket(desk)
    for place in range(3):
        said = MessageContent(message_id=9000 + place, album="77")
        await desk.run(lambda do, said=said: do.relay_from_freelancer(ChatId(CHAT), said))  # type: ignore[misc]

    assert len(desk.tasks(CarryToGroup)) == 1
