"""The code is in the chat while it can be used, and nowhere else, ever."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from bot.gateways.telegram.client import RetryAfterError, UnreachableError
from tests.support.builders import a_snapshot
from tests.support.chat import BEN, Conversation, Scene

Ending: TypeAlias = Callable[[Scene, Conversation], Awaitable[None]]


async def verified(scene: Scene, ada: Conversation) -> None:
    phone = await ada.be_called()
    await phone.to_code_step()
    await phone.key(ada.code)


async def locked(scene: Scene, ada: Conversation) -> None:
    phone = await ada.be_called()
    await phone.to_code_step()
    wrong = ada.wrong_code
    await phone.key(wrong)
    await phone.key(wrong)
    await phone.key(wrong)


async def not_me(scene: Scene, ada: Conversation) -> None:
    phone = await ada.be_called()
    await phone.pick_up()
    await phone.key("9")


async def busy(scene: Scene, ada: Conversation) -> None:
    await (await ada.be_called()).report("busy")


async def unanswered(scene: Scene, ada: Conversation) -> None:
    await (await ada.be_called()).report("no-answer")


async def silent(scene: Scene, ada: Conversation) -> None:
    phone = await ada.be_called()
    await phone.pick_up()
    await phone.key("")
    await phone.key("")


async def hung_up_at_the_code(scene: Scene, ada: Conversation) -> None:
    phone = await ada.be_called()
    await phone.to_code_step()
    await phone.report("completed")
    await scene.wait(seconds=5)


async def expired(scene: Scene, ada: Conversation) -> None:
    await ada.be_called()
    await scene.wait(minutes=10)


async def cancelled(scene: Scene, ada: Conversation) -> None:
    await ada.be_called()
    await ada.say("/cancel")


async def number_edited(scene: Scene, ada: Conversation) -> None:
    await ada.be_called()
    await ada.press("Use another number")
    await ada.say("+12025550178")


async def number_changed_by_the_marketplace(scene: Scene, ada: Conversation) -> None:
    await ada.be_called()
    scene.clock.forward(seconds=1)
    await scene.push(a_snapshot(ada.person, scene.clock.now(), phone="+12025550178"))


async def unlinked(scene: Scene, ada: Conversation) -> None:
    await ada.be_called()
    await ada.say("/unlink")


async def moved_to_another_chat(scene: Scene, ada: Conversation) -> None:
    await ada.be_called()
    await scene.person(BEN).accept_link("f-1001")


async def number_rejected(scene: Scene, ada: Conversation) -> None:
    scene.provider.answers = [(400, {"code": 21211})]
    await ada.be_called()


async def country_not_served(scene: Scene, ada: Conversation) -> None:
    scene.provider.answers = [(400, {"code": 21215})]
    await ada.be_called()


async def provider_misconfigured(scene: Scene, ada: Conversation) -> None:
    scene.provider.answers = [(401, {"code": 20003})]
    await ada.be_called()


async def never_confirmed(scene: Scene, ada: Conversation) -> None:
    scene.provider.answers = [(502, "<html>")]
    await ada.be_called()
    await scene.wait(seconds=90)


async def number_in_use(scene: Scene, ada: Conversation) -> None:
    ben = scene.person(BEN)
    await ben.link()
    await verified(scene, ben)
    scene.clock.forward(minutes=1)
    await verified(scene, ada)


WORDS: dict[Ending, str] = {
    verified: "Verified: +1 … 23",
    locked: "That was not the code, and it was the last attempt.",
    not_me: "Somebody on the phone said that they didn't expect this call",
    busy: "The line was busy.",
    unanswered: "Nobody answered, or the call did not get through.",
    silent: "The call ended before a code came.",
    hung_up_at_the_code: "The call ended before a code came.",
    expired: "The code has run out.",
    cancelled: "The call is cancelled.",
    number_edited: "The call is cancelled.",
    number_changed_by_the_marketplace: "The call is cancelled.",
    unlinked: "The call is cancelled.",
    moved_to_another_chat: "The call is cancelled.",
    never_confirmed: "I could not place the call.",
    number_in_use: "That number is verified on another account already.",
}
TOLD_BEFORE_THE_CODE: dict[Ending, str] = {
    number_rejected: "The phone network doesn't take the number +1 … 23.",
    country_not_served: "I can't call numbers of that country.",
    provider_misconfigured: "I can't verify numbers for the moment",
}


@pytest.mark.parametrize("end", WORDS, ids=lambda end: end.__name__)
async def test_after_every_ending_the_code_is_removed_from_the_chat(
    scene: Scene, ada: Conversation, end: Ending
) -> None:
    await ada.link()

    await end(scene, ada)

    assert scene.telegram.codes != set()
    assert [one for one in scene.telegram.codes if one in ada.text] == []
    assert WORDS[end] in ada.text


@pytest.mark.parametrize("end", TOLD_BEFORE_THE_CODE, ids=lambda end: end.__name__)
async def test_a_call_refused_at_once_never_showed_a_code(
    scene: Scene, ada: Conversation, end: Ending
) -> None:
    await ada.link()

    await end(scene, ada)

    assert scene.telegram.codes == set()
    assert TOLD_BEFORE_THE_CODE[end] in ada.text


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("helpdesk.db*"))


async def test_the_code_is_in_no_database_file(
    scene: Scene, ada: Conversation, tmp_path: Path
) -> None:
    await ada.link()
    phone = await ada.be_called()
    code = ada.code
    await phone.to_code_step()
    await phone.key(ada.wrong_code)

    kept = everything_in(tmp_path)

    assert b"+12025550123" in kept
    assert [one for one in _written(code) if one.encode() in kept] == []


async def test_no_log_line_contains_a_code_or_a_number(
    scene: Scene, ada: Conversation, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    caplog.set_level("DEBUG", logger="bot")
    scene.provider.answers = [(400, {"code": 21999})]
    await ada.link()
    await ada.be_called()
    await scene.wait(minutes=1)
    await ada.press("Call me again")
    phone = scene.phone()
    code = ada.code
    await phone.to_code_step()
    await ada.say(f"{code[:3]} {code[3:]}")
    await phone.key(ada.wrong_code)
    await phone.report("completed")

    assert "a call was refused by the provider" in caplog.text
    assert [one for one in (*_written(code), "12025550123") if one in caplog.text] == []


async def test_the_code_is_removed_even_if_telegram_is_slow(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    phone = await ada.be_called()
    code = ada.code
    scene.telegram.failures = [UnreachableError("no answer"), RetryAfterError(3)]

    await phone.report("busy")
    still = ada.text
    await scene.wait(seconds=1)
    await scene.wait(seconds=3)

    assert f"{code[:3]} {code[3:]}" in still
    assert f"{code[:3]} {code[3:]}" not in ada.text


def _written(code: str) -> list[str]:
    return [code, f"{code[:3]} {code[3:]}", f"{code[:3]}-{code[3:]}"]
