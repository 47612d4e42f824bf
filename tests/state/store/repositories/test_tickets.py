from dataclasses import replace
from datetime import timedelta

import pytest

from state.model.chat import ChatId
from state.model.question import Fault, Outcome
from state.model.staff import Ban, Role, Staff, StaffId
from state.model.ticket import (
    Asked,
    Author,
    Closed,
    Content,
    Resolution,
    Taken,
    TalkMessage,
    Ticket,
    TicketId,
    TicketNote,
    TicketState,
    Topic,
    Waiting,
)
from state.ports import StaleStateError
from tests.state.store.desk import Desk
from tests.support.builders import ADA, a_talk_message, a_ticket
from tests.support.fakes import START

CHAT, OTHER = ChatId(700), ChatId(701)
ANN = StaffId(1)
LATER = START + timedelta(hours=1)
OVER = Closed(LATER, Resolution.BY_STAFF, ANN)


async def add(desk: Desk, **changes: object) -> Ticket:
    return await desk.transact(lambda unit: unit.tickets.add(a_ticket(**changes)))


async def say(desk: Desk, ticket: Ticket, **changes: object) -> TalkMessage:
    message = a_talk_message(ticket_id=ticket.id, chat_id=ticket.chat_id, **changes)
    return await desk.transact(lambda unit: unit.talks.add(message))


@pytest.mark.parametrize(
    "state",
    [Waiting(), Taken(ANN, START), OVER, Closed(LATER, Resolution.BACK_TO_BOT)],
)
async def test_a_ticket_is_stored_and_read_back_unchanged(
    desk: Desk, onlooker: Desk, state: TicketState
) -> None:
    asked = Asked(
        words="why only 10?",
        outcome=Outcome.FOUND,
        slug="unlock-40-connects",
        score=0.5,
        at=START,
        helpful=False,
        fault=Fault.OUTDATED,
    )

    ticket = await add(
        desk,
        state=state,
        asked=(asked,),
        first_reply_at=LATER,
        solved=False,
        taken_from=StaffId(2),
    )

    assert await onlooker.transact(lambda unit: unit.tickets.get(ticket.id)) == ticket
    assert ticket == replace(
        a_ticket(state=state, asked=(asked,), first_reply_at=LATER, solved=False),
        taken_from=StaffId(2),
        id=ticket.id,
        version=1,
    )


async def test_a_chat_has_at_most_one_open_ticket(desk: Desk) -> None:
    await add(desk)

    with pytest.raises(StaleStateError):
        await add(desk)


async def test_after_a_closed_ticket_another_can_be_opened(desk: Desk, onlooker: Desk) -> None:
    first = await add(desk, state=OVER)
    second = await add(desk)

    assert await onlooker.transact(lambda unit: unit.tickets.last(CHAT)) == second
    assert await onlooker.transact(lambda unit: unit.tickets.of_chat(CHAT)) == [first, second]


async def test_saving_over_a_concurrent_change_is_refused(desk: Desk, onlooker: Desk) -> None:
    ticket = await add(desk)
    await desk.transact(lambda unit: unit.tickets.save(replace(ticket, reopened=1)))

    with pytest.raises(StaleStateError):
        await desk.transact(lambda unit: unit.tickets.save(replace(ticket, reopened=2)))

    kept = await onlooker.transact(lambda unit: unit.tickets.get(ticket.id))
    assert kept == replace(ticket, reopened=1, version=2)


async def test_open_tickets_are_sorted_by_waiting_time(desk: Desk, onlooker: Desk) -> None:
    young = await add(desk, waiting_since=LATER)
    old = await add(desk, chat_id=OTHER, state=Taken(ANN, LATER))
    await add(desk, chat_id=ChatId(702), state=OVER)

    assert await onlooker.transact(lambda unit: unit.tickets.open()) == [old, young]


async def test_tickets_opened_since_a_moment_are_found(desk: Desk, onlooker: Desk) -> None:
    await add(desk)
    late = await add(desk, chat_id=OTHER, opened_at=LATER, state=OVER)

    assert await onlooker.transact(lambda unit: unit.tickets.since(LATER)) == [late]


async def test_messages_are_stored_in_order_with_their_ids_on_both_sides(
    desk: Desk, onlooker: Desk
) -> None:
    ticket = await add(desk)
    first = await say(desk, ticket)
    second = await say(
        desk,
        ticket,
        author=Author.STAFF,
        staff_id=ANN,
        content=Content.PHOTO,
        file_id="f",
        file_key="k",
        file_name="a.png",
        album="9",
        reply_to=first.id,
        in_chat=None,
        in_group=77,
    )
    carried = replace(second, in_chat=9001, edited_at=LATER, deleted_at=LATER)
    await desk.transact(lambda unit: unit.talks.place(second.id, in_chat=9001))
    changed = replace(second, edited_at=LATER, deleted_at=LATER)
    await desk.transact(lambda unit: unit.talks.save(changed))

    look = onlooker.transact
    assert await look(lambda unit: unit.talks.of(ticket.id)) == [first, carried]
    assert await look(lambda unit: unit.talks.of(ticket.id, after=first.id)) == [carried]
    assert await look(lambda unit: unit.talks.get(first.id)) == first
    assert await look(lambda unit: unit.talks.in_chat(CHAT, 9001)) == carried
    assert await look(lambda unit: unit.talks.in_group(77)) == carried
    assert await look(lambda unit: unit.talks.album(ticket.id, "9")) == [carried]


@pytest.mark.parametrize("place", [{"in_chat": 9000}, {"in_chat": None, "in_group": 77}])
async def test_a_message_id_belongs_to_one_stored_message(
    desk: Desk, place: dict[str, object]
) -> None:
    ticket = await add(desk)
    await say(desk, ticket, **place)

    with pytest.raises(StaleStateError):
        await say(desk, ticket, **place)


async def test_notes_are_stored_in_order(desk: Desk, onlooker: Desk) -> None:
    ticket = await add(desk)
    notes = [
        TicketNote(ticket_id=ticket.id, by=ANN, at=LATER, text="called back"),
        TicketNote(ticket_id=ticket.id, by=ANN, at=START, text="asked Bob"),
    ]
    for note in notes:
        await desk.transact(lambda unit, note=note: unit.talks.add_note(note))  # type: ignore[misc]

    assert await onlooker.transact(lambda unit: unit.talks.notes(ticket.id)) == notes


async def test_erasing_tickets_erases_their_messages(desk: Desk, onlooker: Desk) -> None:
    ticket, other = await add(desk), await add(desk, chat_id=OTHER)
    message = await say(desk, ticket)
    note = TicketNote(ticket_id=ticket.id, by=ANN, at=LATER, text="x")
    await desk.transact(lambda unit: unit.talks.add_note(note))

    await desk.transact(lambda unit: unit.tickets.erase(CHAT))

    assert await onlooker.transact(lambda unit: unit.tickets.open()) == [other]
    assert await onlooker.transact(lambda unit: unit.talks.get(message.id)) is None
    assert await onlooker.transact(lambda unit: unit.talks.notes(ticket.id)) == []


async def test_a_ticket_id_is_never_reused(desk: Desk) -> None:
    gone = await add(desk)
    await desk.transact(lambda unit: unit.tickets.erase(CHAT))

    assert (await add(desk)).id > gone.id


async def test_a_chat_has_at_most_one_topic(desk: Desk, onlooker: Desk) -> None:
    await desk.transact(lambda unit: unit.topics.put(Topic(chat_id=CHAT, thread_id=5)))
    replaced = Topic(chat_id=CHAT, thread_id=6, closed=True)
    await desk.transact(lambda unit: unit.topics.put(replaced))

    assert await onlooker.transact(lambda unit: unit.topics.of(CHAT)) == replaced
    assert await onlooker.transact(lambda unit: unit.topics.in_group(6)) == replaced
    assert await onlooker.transact(lambda unit: unit.topics.in_group(5)) is None


async def test_a_topic_can_be_removed(desk: Desk, onlooker: Desk) -> None:
    await desk.transact(lambda unit: unit.topics.put(Topic(chat_id=CHAT, thread_id=5)))

    await desk.transact(lambda unit: unit.topics.remove(CHAT))

    assert await onlooker.transact(lambda unit: unit.topics.of(CHAT)) is None


async def test_staff_are_stored_with_their_roles(desk: Desk, onlooker: Desk) -> None:
    ann = Staff(id=ANN, role=Role.AGENT, name="Ann", added_at=START)
    lead = replace(ann, role=Role.LEAD, gone_at=LATER)
    await desk.transact(lambda unit: unit.staff.put(ann))
    await desk.transact(lambda unit: unit.staff.put(lead))

    assert await onlooker.transact(lambda unit: unit.staff.get(ANN)) == lead
    assert await onlooker.transact(lambda unit: unit.staff.all()) == [lead]
    assert await onlooker.transact(lambda unit: unit.staff.get(StaffId(9))) is None


async def test_a_ban_holds_until_it_is_lifted(desk: Desk, onlooker: Desk) -> None:
    ban = Ban(chat_id=CHAT, reason="insults", by=ANN, at=START)
    await desk.transact(lambda unit: unit.bans.put(ban))

    assert await onlooker.transact(lambda unit: unit.bans.of(CHAT)) == ban
    assert await onlooker.transact(lambda unit: unit.bans.all()) == [ban]
    assert await desk.transact(lambda unit: unit.bans.lift(CHAT)) is True
    assert await desk.transact(lambda unit: unit.bans.lift(CHAT)) is False


async def test_an_unknown_ticket_is_none(desk: Desk) -> None:
    assert await desk.transact(lambda unit: unit.tickets.get(TicketId(9))) is None
    assert await desk.transact(lambda unit: unit.tickets.last(CHAT)) is None


async def test_conversations_of_an_account_are_found_and_erased_across_chats(
    desk: Desk, onlooker: Desk
) -> None:
    here = await add(desk, state=OVER)
    there = await add(desk, chat_id=OTHER)
    nobodys = await add(desk, freelancer_id=None)
    await say(desk, there)

    found = await onlooker.transact(lambda unit: unit.tickets.of_freelancer(ADA))
    await desk.transact(lambda unit: unit.tickets.erase_of(ADA))
    left = [
        await onlooker.transact(lambda unit, one=one: unit.tickets.get(one.id))  # type: ignore[misc]
        for one in (here, there, nobodys)
    ]

    assert [one.id for one in found] == [here.id, there.id]
    assert left == [None, None, nobodys]
    assert await onlooker.transact(lambda unit: unit.talks.of(there.id)) == []
