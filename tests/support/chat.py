"""Driver for whole conversations: people, marketplace and call provider around a real bot."""

import json
from dataclasses import dataclass
from typing import Any

from bot.build import BotComponents
from state.model.chat import Chat, ChatId
from state.model.work import OutboxRow, Queue
from tests.support.builders import a_snapshot
from tests.support.fakes import FakeClock
from tests.support.phone import Phone, Provider
from tests.support.provider_protocols import Door
from tests.support.telegram import CODE, RecordedTelegram, Shown

ADA = 1001
BEN = 1002
ANN = 1
BOB = 2
STRANGER = 66
GROUP = -1001234567890
API_TOKEN = "marketplace-token"


@dataclass(slots=True, kw_only=True)
class Scene:
    """A real bot with its surroundings: Telegram, people, the marketplace, the call provider."""

    parts: BotComponents
    telegram: RecordedTelegram
    clock: FakeClock
    provider: Provider
    door: Door
    updates: int = 0

    def person(self, person: int = ADA, *, chat: int | None = None) -> "Conversation":
        """A person in their private chat, or in the group `chat`."""
        return Conversation(scene=self, person=person, chat=chat or person)

    def staff(self, person: int = ANN, *, thread: int | None = None) -> "Conversation":
        """A member of staff in a topic of the staff group: `thread`, or the newest one."""
        newest = max(self.telegram.forum.names, default=None)
        return Conversation(
            scene=self, person=person, chat=GROUP, thread=thread or newest, name="Ann"
        )

    async def receive(self, content: dict[str, Any]) -> None:
        self.updates += 1
        for message in (content.get("message"), content.get("edited_message")):
            if message and "message_id" in message:
                place = (message["chat"]["id"], message["message_id"])
                self.telegram.said[place] = message
        await self.parts.intake.take([{"update_id": self.updates, **content}])
        await self.settle()

    async def settle(self) -> None:
        """Run every waiting turn and deliver every task that is due now."""
        door = self.parts.desk.database
        for lane in await door.inbox_queue.waiting_lanes():
            more = frozenset({lane})
            while more:
                more = await self.parts.turns.run(sorted(more))
        while rows := await self._due():
            for row in rows:
                await self.parts.outbox.deliver(row)

    async def _due(self) -> list[OutboxRow]:
        door, now = self.parts.desk.database.outbox_queue, self.clock.now()
        found = [await door.due(now, limit=50, busy_lanes=(), queue=queue) for queue in Queue]
        return [row for rows in found for row in rows]

    async def wait(self, **time: float) -> None:
        """Advance the clock and process everything that became due."""
        self.clock.forward(**time)
        await self.settle()

    async def push(self, snapshot: dict[str, Any]) -> None:
        """Send a snapshot of an account, as the marketplace does."""
        path = f"/api/v1/freelancers/{snapshot['id']}"
        answer = await self.door.put(path, json=snapshot, headers=_bearer())
        assert answer.status == 200, await answer.text()
        await self.settle()

    async def offer_link(self, freelancer: str) -> dict[str, str]:
        answer = await self.door.post(f"/api/v1/freelancers/{freelancer}/link", headers=_bearer())
        offered: dict[str, str] = await answer.json()
        return offered

    async def stored_chat(self, someone: "Conversation") -> Chat | None:
        """The stored record of a person's chat."""
        chat = ChatId(someone.chat)
        return await self.parts.desk.database.read(lambda unit: unit.chats.get(chat))

    def phone(self) -> Phone:
        """The phone that was called last."""
        return self.provider.phone(self.door, self.settle)


@dataclass(slots=True, kw_only=True)
class Conversation:
    """One person using the bot; actions return the messages that are new or changed."""

    scene: Scene
    person: int
    chat: int
    language: str = "en"
    said: int = 0
    """Bot API `message_id` of the person's last message."""
    thread: int | None = None
    """Bot API `message_thread_id` of the topic they write in."""
    name: str = "Ada"

    @property
    def messages(self) -> list[Shown]:
        """The messages the chat shows now; only those of the topic, if there is one."""
        shown = self.scene.telegram.chats.setdefault(self.chat, [])
        if self.thread is None:
            return shown
        return [one for one in shown if one.thread == self.thread]

    @property
    def last(self) -> Shown:
        return self.messages[-1]

    @property
    def text(self) -> str:
        """The text of all messages that the chat shows now."""
        return "\n\n".join(shown.text for shown in self.messages)

    @property
    def file(self) -> Any:
        """The parsed JSON of the newest file received."""
        return json.loads([one.file for one in self.messages if one.file][-1].content)

    @property
    def code(self) -> str:
        """The 6 digits of the newest message that shows a code."""
        shown = [found[1] for one in self.messages if (found := CODE.search(one.html))]
        return shown[-1].replace(" ", "")

    @property
    def wrong_code(self) -> str:
        return f"{(int(self.code) + 1) % 1_000_000:06d}"

    async def say(self, text: str) -> list[Shown]:
        return await self.message(text=text)

    async def share_contact(
        self, number: str, *, owner: int | None = None, **more: Any
    ) -> list[Shown]:
        contact = {"phone_number": number, "first_name": "Ada", "user_id": owner or self.person}
        return await self.message(contact=contact, **more)

    async def edit(self, text: str) -> list[Shown]:
        """Edit the person's last message."""
        changed = self._message(text=text, message_id=self.said)
        return await self._receive(
            {"edited_message": changed | {"edit_date": changed["date"] + 1}}
        )

    async def ask_inline(self, query: str) -> dict[str, Any]:
        """Send an inline query from another chat; returns the bot's answer to Telegram."""
        asked = {"id": "77", "from": self._user(), "query": query, "offset": ""}
        await self.scene.parts.inline_answers.answer(asked)
        return self.scene.telegram.calls[-1][1]

    async def message(self, **content: Any) -> list[Shown]:
        text = str(content.get("text", ""))
        if text.startswith("/"):
            command = {
                "type": "bot_command",
                "offset": 0,
                "length": len(text.split(maxsplit=1)[0]),
            }
            content["entities"] = [command]
        message = self._message(**content)
        self.said = message["message_id"]
        return await self._receive({"message": message})

    async def press(self, label: str) -> list[Shown]:
        """Press the newest button with that label."""
        for shown in reversed(self.messages):
            for button in shown.buttons:
                if button["text"] == label:
                    return await self.press_data(shown, button["callback_data"])
        raise AssertionError(f"no button {label!r} in {[m.labels for m in self.messages]}")

    async def press_data(self, shown: Shown, data: str) -> list[Shown]:
        query = {
            "id": str(self.scene.updates),
            "from": self._user(),
            "chat_instance": "1",
            "data": data,
            "message": self._message(text=shown.text) | {"message_id": shown.message_id},
        }
        return await self._receive({"callback_query": query})

    async def block(self) -> None:
        """Block the bot, with the update that Telegram sends then."""
        self.scene.telegram.blocked.add(self.chat)
        await self.scene.receive({"my_chat_member": self._membership("member", "kicked")})

    async def unblock(self) -> None:
        self.scene.telegram.blocked.discard(self.chat)
        await self.scene.receive({"my_chat_member": self._membership("kicked", "member")})

    async def link(self, **snapshot: Any) -> None:
        """Push an account, offer a link to it and accept the link."""
        account = a_snapshot(self.person, self.scene.clock.now(), **snapshot)
        await self.scene.push(account)
        await self.accept_link(account["id"])

    async def accept_link(self, freelancer: str) -> None:
        offered = await self.scene.offer_link(freelancer)
        await self.say(f"/start {offered['url'].partition('?start=')[2]}")
        await self.press("Yes, link it")

    async def be_called(self) -> Phone:
        """Request a call to the number on record; returns the ringing phone."""
        await self.say("/verify")
        await self.press("Yes, call me now")
        return self.scene.phone()

    async def _receive(self, content: dict[str, Any]) -> list[Shown]:
        before = {shown.message_id: shown.html for shown in self.messages}
        await self.scene.receive(content)
        return [one for one in self.messages if before.get(one.message_id) != one.html]

    def _message(self, **content: Any) -> dict[str, Any]:
        message_id = 9000 + self.scene.updates
        stamp = int(self.scene.clock.now().timestamp())
        topic = (
            {}
            if self.thread is None
            else {"message_thread_id": self.thread, "is_topic_message": True}
        )
        return {"message_id": message_id, "date": stamp, "chat": self._chat(), **topic} | {
            "from": self._user(),
            **content,
        }

    def _chat(self) -> dict[str, Any]:
        if self.chat < 0:
            forum = {"is_forum": True} if self.thread else {}
            return {"id": self.chat, "type": "supergroup", "title": "Freelancers", **forum}
        return {"id": self.chat, "type": "private", "first_name": "Ada"}

    def _user(self) -> dict[str, Any]:
        return {
            "id": self.person,
            "is_bot": False,
            "first_name": self.name,
            "language_code": self.language,
        }

    def _membership(self, before: str, after: str) -> dict[str, Any]:
        bot = {"id": 42, "is_bot": True, "first_name": "Test Desk"}
        stamp = int(self.scene.clock.now().timestamp())
        return {
            "chat": self._chat(),
            "from": self._user(),
            "date": stamp,
            "old_chat_member": {"status": before, "user": bot, "until_date": 0},
            "new_chat_member": {"status": after, "user": bot, "until_date": 0},
        }


def _bearer() -> dict[str, str]:
    return {"Authorization": f"Bearer {API_TOKEN}"}
