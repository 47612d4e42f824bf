"""People who go through the whole desk, at their own pace, whatever happens to the bot."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.demo.phone.call import Call
from tests.faults.surroundings import Outside
from tests.support.builders import a_snapshot
from tests.support.chat import API_TOKEN

CODE = re.compile(r"Your code: (\d{3} \d{3})")
PATIENCE = 150
QUESTIONS = {
    "how do I verify my phone number": "Verifying your phone number",
    "how do I reach 80% profile completeness": "Getting your profile to 80%",
    "what is basic profile information": "The first 10 Connects: basic profile",
}
"""Each with the first words of its answer."""
LINKED = "Linked. This chat now knows your account."
VERIFIED = (
    "Phone verification: done. +10 Connects a month: 20 of 40.",
    "20 of 40 Connects a month",
)
LOCKED = ("No calls for now: all attempts were used, so there is a wait of 24 hours.",)
BEARER = {"Authorization": f"Bearer {API_TOKEN}"}
JSON = {"Content-Type": "application/json"}
CALL = "(the call)"
CALL_STARTS = (
    "Calling",
    "Your phone is ringing",
    "Now press",
    "Now key in",
    "The call is over",
    "Verified:",
    "That was not the code",
    "The call ended",
    "I could not place",
)


@dataclass(slots=True, kw_only=True)
class Person:
    """One freelancer with a chat and a telephone."""

    outside: Outside
    number: int
    wrong_codes: int = 1
    """How many they key in before the right one; three of them leave no chance for that."""
    verifies: bool = True
    """Where there is a telephone line."""
    acts: int = 0
    """Updates that the bot gets of them."""

    @property
    def chat(self) -> int:
        return 7_000_000_000 + self.number

    @property
    def freelancer(self) -> str:
        return f"f-{self.number}"

    @property
    def telephone(self) -> str:
        return f"+447911123{self.number:03d}"

    @property
    def locked(self) -> bool:
        return self.wrong_codes == 3

    # ------------------------------------------------------------ what the chat shows

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The bot's, as they are now."""
        held = self.outside.telegram.chats.of(self.chat).messages.values()
        return [message for message in held if message["from"]["is_bot"]]

    @property
    def sent(self) -> list[str]:
        """First lines of everything the bot ever sent, as it was sent."""
        news = (event["message"] for event in self.outside.events.all if self._is_sent(event))
        return [first_line(message["text"]) for message in news]

    def _is_sent(self, event: Any) -> bool:
        mine = event["type"] == "message" and event["chat"] == self.chat
        return mine and bool(event["message"]["from"]["is_bot"])

    async def sees(self, words: str) -> None:
        await self._until(lambda: any(words in message["text"] for message in self.messages))

    async def _until(self, condition: Callable[[], object]) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while not condition():  # noqa: ASYNC110 - the bot is another process
                    await asyncio.sleep(0.01)
        except TimeoutError:
            shown = [message["text"][:60] for message in self.messages]
            raise AssertionError(f"{self.freelancer} waits in vain after {shown}") from None

    # ------------------------------------------------------------ what they do

    async def live(self) -> None:
        await self.arrive()
        await self.ask()
        if self.verifies:
            await self.verify()
        await self._until(lambda: self.sent[-1] == self.expected[-1])

    @property
    def expected(self) -> list[str]:
        """First lines of what they get to read, whoever was killed meanwhile."""
        asked = ["Link this chat?", LINKED, *QUESTIONS.values(), "10 of 40 Connects a month"]
        called = ["Verify your phone", CALL]
        if not self.verifies:
            return asked
        return [*asked, *called, *(LOCKED if self.locked else VERIFIED)]

    def say(self, text: str) -> None:
        self.acts += 1
        self.outside.telegram.visitors.say(self.chat, text)

    async def press(self, label: str) -> None:
        await self._until(lambda: self._button(label))
        self.acts += 1
        message_id, data = self._button(label) or (0, "")
        self.outside.telegram.visitors.press(self.chat, message_id, data)

    def _button(self, label: str) -> tuple[int, str] | None:
        for message in reversed(self.messages):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if button["text"] == label:
                        return message["message_id"], button["callback_data"]
        return None

    async def arrive(self) -> None:
        """The marketplace tells of them and gives them a link, as often as it takes."""
        user = {"id": self.chat, "first_name": "Ada", "language_code": "en"}
        self.outside.telegram.chats.add(user, phone=self.telephone)
        now = self.outside.clock.now()
        snapshot = json.dumps(a_snapshot(self.number, now, phone=self.telephone))
        path = f"/api/v1/freelancers/{self.freelancer}"
        await self.outside.ask_bot("PUT", path, snapshot, BEARER | JSON)
        _, _, offered = await self.outside.ask_bot("POST", f"{path}/link", b"", BEARER)
        self.say(f"/start {json.loads(offered)['url'].partition('?start=')[2]}")
        await self.press("Yes, link it")
        await self.sees("Linked.")

    async def ask(self) -> None:
        """Question upon question, without waiting for an answer."""
        for question in QUESTIONS:
            self.say(question)
        for answer in QUESTIONS.values():
            await self.sees(answer)
        self.say("/connects")

    async def verify(self) -> None:
        await self.sees("10 of 40 Connects")
        self.say("/verify")
        await self.press("Yes, call me now")
        while not await self._take_call():
            await asyncio.sleep(1)  # the least between two calls
            await self.press("Call me again")
            await self._until(lambda: not self._failed())
        if self.locked:
            await self.sees("it was the last attempt")
            self.say("/verify")
        else:
            await self.sees("Phone verification: done.")
            self.say("/connects")

    # ------------------------------------------------------------ the telephone

    async def _take_call(self) -> bool:
        """Whether the code was keyed in; if not, the call could not be placed."""
        await self._until(lambda: self._ringing() or self._failed())
        call = self._ringing()
        return call is not None and await self._talk(call)

    async def _talk(self, call: Call) -> bool:
        call.line.answer()
        if not await self._asked(call, "hash key"):
            return False
        call.line.press("#")
        if not await self._asked(call, "digits"):
            return False
        await self._until(self._code)
        code = self._code()
        wrong = f"{(int(code) + 1) % 1_000_000:06d}"
        for _ in range(self.wrong_codes):
            await self._key(call, wrong)
        if not self.locked:
            await self._key(call, code)
        return True

    async def _key(self, call: Call, code: str) -> None:
        said = call.line.prompt
        for digit in code:
            call.line.press(digit)
        await self._until(lambda: not call.active or call.line.prompt != said)

    async def _asked(self, call: Call, words: str) -> bool:
        """Whether the call got so far; False if it was over before."""
        line = call.line
        await self._until(lambda: not call.active or (line.listening and words in line.prompt))
        return call.active

    def _ringing(self) -> Call | None:
        calls = self.outside.provider.calls.values()
        mine = (call for call in calls if call.order.to == self.telephone)
        return next((call for call in mine if call.status == "ringing"), None)

    def _failed(self) -> bool:
        return bool(self.messages) and "Call me again" in str(self.messages[-1])

    def _code(self) -> str:
        found = [CODE.search(message["text"]) for message in self.messages]
        return next((one[1].replace(" ", "") for one in reversed(found) if one), "")


def first_line(text: str) -> str:
    line = text.partition("\n")[0]
    return CALL if line.startswith(CALL_STARTS) else line
