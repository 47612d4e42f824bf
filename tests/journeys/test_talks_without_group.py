"""A desk whose people read in a browser alone: there is no staff group."""

from tests.support.chat import Conversation


async def test_without_a_staff_group_a_request_is_stored_and_confirmed_honestly(
    ada: Conversation,
) -> None:
    [kept] = await ada.say("/human")
    await ada.say("my account is gone")

    assert "Your request is kept for the people of this desk" in kept.text
    assert "I can't say how soon" in kept.text
    look = ada.scene.parts.desk.database.read
    [ticket] = await look(lambda unit: unit.tickets.open())
    [message] = await look(lambda unit: unit.talks.of(ticket.id))
    assert message.text == "my account is gone"


async def test_an_unconfigured_group_is_not_treated_as_the_staff_group(ada: Conversation) -> None:
    group = ada.scene.person(ada.person, chat=-100777)

    assert await group.say("hello") == []
