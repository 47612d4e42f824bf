from state.model.staff import Ban, Role, Staff, StaffId
from state.model.ticket import HandOver
from state.usecases.tickets.open import Opened, Opening
from tests.state.usecases.desk import CHAT, Desk
from tests.support.builders import staff_member
from tests.support.fakes import START

ANN, LEA = staff_member(1), staff_member(3, role=Role.LEAD)


async def open_ticket(desk: Desk) -> Opened:
    opened = await desk.run(
        lambda do: do.open_ticket(CHAT, HandOver.ASKED, caller="Ada", language="en")
    )
    assert isinstance(opened, Opened)
    return opened


async def test_a_banned_person_cannot_reach_staff_until_the_ban_is_lifted(desk: Desk) -> None:
    opened = await open_ticket(desk)
    await desk.run(lambda do: do.ban_chat(opened.ticket.id, ANN, "insults"))

    refused = await desk.run(
        lambda do: do.open_ticket(CHAT, HandOver.ASKED, caller="Ada", language="en")
    )
    lifted = await desk.run(lambda do: do.lift_ban(CHAT, LEA))

    assert refused == Ban(chat_id=CHAT, reason="insults", by=ANN.id, at=START)
    assert lifted is True
    assert await desk.run(lambda do: do.lift_ban(CHAT, LEA)) is False
    assert (await open_ticket(desk)).how is Opening.AGAIN
    assert desk.audit() == [
        "ticket.opened",
        "ticket.banned",
        "ticket.closed",
        "ticket.unbanned",
        "ticket.reopened",
    ]


async def test_a_ban_after_the_end_of_a_conversation_holds_too(desk: Desk) -> None:
    opened = await open_ticket(desk)
    await desk.run(lambda do: do.close_ticket(opened.ticket.id, ANN))

    await desk.run(lambda do: do.ban_chat(opened.ticket.id, ANN, "insults"))

    assert await desk.look().bans.of(CHAT) is not None


async def test_staff_are_recognised_from_settings_and_records(desk: Desk) -> None:
    admin, added, stranger = StaffId(1), StaffId(5), StaffId(6)
    await desk.run(lambda do: do.add_staff(added, Role.LEAD, name="Eve", actor="staff:1"))

    known = await desk.run(lambda do: do.recognise_staff(admin, "Ann"))
    eve = await desk.run(lambda do: do.recognise_staff(added))

    assert known == Staff(id=admin, role=Role.ADMIN, name="Ann")
    assert eve == Staff(id=added, role=Role.LEAD, name="Eve", added_at=START)
    assert await desk.run(lambda do: do.recognise_staff(stranger, "Mallory")) is None
    assert await desk.run(lambda do: do.list_staff()) == [known, eve]


async def test_a_removed_member_is_no_longer_staff(desk: Desk) -> None:
    added = StaffId(5)
    await desk.run(lambda do: do.add_staff(added, Role.LEAD, name="Eve", actor="staff:1"))

    removed = await desk.run(lambda do: do.remove_staff(added, actor="staff:1"))
    again = await desk.run(lambda do: do.remove_staff(added, actor="staff:1"))

    assert (removed, again) == (True, False)
    assert await desk.run(lambda do: do.recognise_staff(added)) is None


async def test_a_member_removed_from_the_settings_is_no_longer_staff(desk: Desk) -> None:
    gone = Staff(id=StaffId(8), role=Role.ADMIN, name="Old")
    await desk.database.transact(lambda unit: unit.staff.put(gone))

    assert await desk.run(lambda do: do.recognise_staff(gone.id)) is None
