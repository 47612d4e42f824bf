"""The called person's end of a simulated call: prompts heard, keys pressed, words spoken."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from bot.demo.errors import NotNowError
from bot.demo.phone.twiml import KEYS


@dataclass(frozen=True, slots=True)
class Key:
    """A pressed key."""

    digit: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """Recognised speech; `confidence` from 0 to 1."""

    text: str
    confidence: float


Heard: TypeAlias = Key | Spoken
CONFIDENCE = 0.93


class PhoneLine:
    """Connects the person on the page with the call."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._heard: asyncio.Queue[Heard] = asyncio.Queue()
        self._picked_up: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._over: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.prompt = ""
        self.typed = ""
        """Keys of the current input; the page shows them as dots or digits."""
        self.listening = False

    # ------------------------------------------------------------ the person

    def answer(self) -> None:
        self._pick_up("in-progress")

    def refuse(self, how: str) -> None:
        """Don't answer: `busy` or `no-answer`."""
        self._pick_up(how)

    def _pick_up(self, how: str) -> None:
        if self._picked_up.done():
            raise NotNowError("The phone is not ringing.")
        self._picked_up.set_result(how)

    def hang_up(self, how: str = "completed") -> None:
        if not self._over.done():
            self._over.set_result(how)

    def press(self, key: str) -> None:
        if key not in KEYS:
            raise NotNowError("There is no such key.")
        self._put(Key(key))

    def speak(self, text: str, confidence: float = CONFIDENCE) -> None:
        self._put(Spoken(" ".join(text.split()), confidence))

    def _put(self, heard: Heard) -> None:
        if not self._picked_up.done() or self._over.done():
            raise NotNowError("There is no call to do that in.")
        self._heard.put_nowait(heard)

    # ------------------------------------------------------------ the provider

    @property
    def over(self) -> asyncio.Future[str]:
        return self._over

    async def ring(self, seconds: float) -> str:
        """Ring for so many seconds.

        Returns `in-progress`, `busy`, `no-answer` or how the call ended.
        """
        ends: set[asyncio.Future[str]] = {self._picked_up, self._over}
        await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if not self._picked_up.done() and not self._over.done():
            self._picked_up.set_result("no-answer")
        return self._over.result() if self._over.done() else self._picked_up.result()

    def forget(self) -> None:
        """Drop input from before the call was listening."""
        while not self._heard.empty():
            self._heard.get_nowait()

    async def hear(self) -> Heard:
        return await self._heard.get()

    def show(
        self, *, prompt: str | None = None, typed: str | None = None, listening: bool | None = None
    ) -> None:
        self.prompt = self.prompt if prompt is None else prompt
        self.typed = self.typed if typed is None else typed
        self.listening = self.listening if listening is None else listening
        self._changed()
