"""A turn: everything an update brings about is one commit, once, or put aside with a reason."""

from typing import Any

import pytest

from bot.incoming.turn_loop import TRIES
from bot.presentation.reply import Replies, Reply
from state.model.chat import Chat, ChatId
from state.model.work import SendReply
from state.ports import StaleStateError, UnitOfWork
from tests.support.fakes import InMemoryDatabase
from tests.support.scripted import (
    ADA,
    CHAT,
    LANE,
    USER,
    Scripted,
    a_membership,
    a_message,
    a_press,
)


async def test_a_turn_replies_in_the_persons_language_and_deletes_the_payload() -> None:
    script = Scripted()
    await script.receive({"update_id": 1, **a_message()})

    assert await script.turns().run([LANE]) == frozenset()

    entry = script.database.tables.inbox[1]
    assert script.sent == [(ADA, "hello in de")]
    assert (entry.open, entry.row.payload) == (False, "")
    assert script.committed == 1


async def test_an_edited_message_is_read_with_its_new_text() -> None:
    script = Scripted()
    edited = a_message()["message"] | {"edit_date": 1}
    await script.receive({"update_id": 1, "edited_message": edited})

    await script.turns().run([LANE])

    assert script.sent == [(ADA, "hello in de")]


async def test_an_edited_message_that_fails_three_times_gets_an_apology() -> None:
    async def fail(unit: UnitOfWork) -> Replies:
        raise ValueError

    script = Scripted(handle=fail)
    edited = a_message()["message"] | {"edit_date": 1}
    await script.receive({"update_id": 1, "edited_message": edited})
    turns = script.turns()
    for _ in range(TRIES):
        await turns.run([LANE])

    assert script.sent == [(ADA, "trouble in de")]


async def test_an_empty_lane_runs_no_turn() -> None:
    assert await Scripted().turns().run([LANE]) == frozenset()


async def test_a_repeated_update_is_handled_once() -> None:
    script = Scripted()
    turns = script.turns()
    await script.receive({"update_id": 1, **a_message()})
    await turns.run([LANE])
    await script.receive({"update_id": 1, **a_message()})

    assert await turns.run([LANE]) == frozenset()

    assert (script.runs, len(script.sent)) == (1, 1)


@pytest.mark.parametrize(
    "payload",
    [{"update_id": 1, "message": {"text": "no chat"}}, {"message": {}}, "no object", 7],
)
async def test_an_unparsable_update_is_set_aside_and_the_lane_continues(payload: object) -> None:
    script = Scripted()
    turns = script.turns()
    await script.receive(payload, {"update_id": 2, **a_message()})

    assert await turns.run([LANE]) == {LANE}
    assert await turns.run([LANE]) == frozenset()

    assert script.reasons[0] is not None
    assert script.reasons[0].startswith("not understood: ")
    assert script.sent == [(ADA, "hello in de")]


@pytest.mark.parametrize(
    "kind", ["message", "edited_message", "callback_query"], ids=["said", "edited", "pressed"]
)
async def test_the_sender_of_an_unparsable_message_gets_an_apology(kind: str) -> None:
    script = Scripted()
    await script.receive({"update_id": 1, kind: {"chat": CHAT, "from": USER, "date": "no date"}})

    await script.turns().run([LANE])

    assert script.sent == [(ADA, "trouble in None")]


async def test_a_failed_apology_does_not_keep_the_update_in_its_lane() -> None:
    def raise_(reply: Reply, chat_id: int, language: str | None) -> SendReply:
        raise KeyError(reply.template)

    script = Scripted(handle=fail, present=raise_)
    turns = script.turns()
    await script.receive({"update_id": 1, **a_message()})

    found = [bool(await turns.run([LANE])) for _ in range(TRIES + 1)]

    assert found == [True, True, True, False]
    assert (script.sent, script.reasons) == ([], ["failed 3 times"])


async def test_an_update_without_a_handler_is_done_without_a_reply() -> None:
    script = Scripted()
    await script.receive({"update_id": 1, "channel_post": a_message()["message"]})

    await script.turns().run([LANE])

    assert (script.sent, script.reasons) == ([], [None])


async def fail(unit: UnitOfWork) -> Replies:
    await unit.chats.save(Chat(id=ChatId(ADA)))
    raise RuntimeError("a fault of ours")


@pytest.mark.parametrize("content", [a_message(), a_press()])
async def test_a_failing_handler_is_tried_three_times_and_ends_in_an_apology(
    content: dict[str, Any],
) -> None:
    script = Scripted(handle=fail)
    turns = script.turns()
    await script.receive({"update_id": 1, **content})

    found = [bool(await turns.run([LANE])) for _ in range(TRIES + 1)]

    assert found == [True, True, True, False]
    assert script.runs == TRIES
    assert script.sent == [(ADA, "trouble in de")]
    assert script.reasons == ["failed 3 times"]
    assert script.database.tables.chats == {}


async def test_a_failed_membership_update_gets_no_apology() -> None:
    script = Scripted(handle=fail)
    turns = script.turns()
    await script.receive({"update_id": 1, **a_membership()})

    for _ in range(TRIES):
        await turns.run([LANE])

    assert (script.sent, script.reasons) == ([], ["failed 3 times"])


async def test_a_failed_version_check_reruns_the_turn_and_replies_once() -> None:
    lost = iter([True, True, False])

    async def lose_twice(unit: UnitOfWork) -> Replies:
        await unit.chats.save(Chat(id=ChatId(ADA)))
        if next(lost):
            raise StaleStateError("somebody was faster")
        return [Reply(template="hello")]

    script = Scripted(handle=lose_twice)
    await script.receive({"update_id": 1, **a_message()})

    assert await script.turns().run([LANE]) == frozenset()

    assert script.runs == 3
    assert script.sent == [(ADA, "hello in de")]
    assert script.database.tables.inbox[1].row.tries == 0


async def test_a_button_press_is_answered_before_the_commit() -> None:
    script = Scripted(handle=fail)
    await script.receive({"update_id": 1, **a_press()})

    await script.turns().run([LANE])

    assert script.pressed == ["q1"]


async def test_a_reply_may_go_to_another_chat() -> None:
    async def tell_both(unit: UnitOfWork) -> Replies:
        return [Reply(template="here"), Reply(template="there", to=1002)]

    script = Scripted(handle=tell_both)
    await script.receive({"update_id": 1, **a_message()})

    await script.turns().run([LANE])

    lanes = [entry.row.lane for entry in script.database.tables.outbox.values()]
    assert [chat for chat, _ in script.sent] == [ADA, 1002]
    assert lanes == ["chat:1001", "chat:1002"]


async def test_an_unreadable_database_fails_the_lane() -> None:
    script = Scripted(database=Unreachable())

    with pytest.raises(OSError, match="no database"):
        await script.turns().run([LANE])


async def test_a_failed_update_already_handled_by_another_process_is_left_alone() -> None:
    script = Scripted(handle=fail, database=Contested())
    await script.receive({"update_id": 1, **a_message()})

    assert await script.turns().run([LANE]) == {LANE}

    assert script.database.tables.inbox[1].row.tries == 0


class Contested(InMemoryDatabase):
    """The second transaction loses every race."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = 0

    @property
    def transact(self) -> Any:
        return self._contest

    async def _contest(self, work: Any) -> Any:
        self.begun += 1
        if self.begun == 2:
            raise StaleStateError("another process was faster")
        return await super().transact(work)


class Unreachable(InMemoryDatabase):
    @property
    def transact(self) -> Any:
        return self._fail

    async def _fail(self, work: object) -> None:
        raise OSError("no database")
