"""The same question gets another answer when the account is another."""

from tests.support.builders import a_snapshot
from tests.support.chat import Conversation
from tests.support.fakes import START

QUESTION = "how do I get my profile to 80%?"


async def test_an_answer_includes_the_readers_own_facts(
    ada: Conversation, ben: Conversation
) -> None:
    await ada.link(completeness=72)

    [hers, *_] = await ada.say(QUESTION)
    [his, *_] = await ben.say(QUESTION)

    assert "For you: the meter reads 72%, so this step is still to do." in hers.text
    assert "Account read 23 Nov 2026, 12:00 UTC." in hers.text
    assert hers.moments == [int(START.timestamp())]
    assert "For you" not in his.text
    assert "At 80% or more" in hers.text
    assert "At 80% or more" in his.text


async def test_the_answer_changes_when_the_account_changes(ada: Conversation) -> None:
    await ada.link(completeness=72)
    await ada.say(QUESTION)
    now = ada.scene.clock.forward(hours=1)
    await ada.scene.push(a_snapshot(ada.person, now, completeness=80))

    [answer, *_] = await ada.say(QUESTION)

    assert "For you: this step is done for good. The meter reads 80%." in answer.text


async def test_an_answer_about_calls_includes_the_attempts_left(ada: Conversation) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()
    await phone.key(ada.wrong_code)
    await phone.report("completed")

    [answer, *_] = await ada.say("how do I verify my phone number?")

    assert "For you: your number isn't verified yet. Attempts left: 2." in answer.text
