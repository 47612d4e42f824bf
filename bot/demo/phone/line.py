"""The person's end of a call: what they hear, what they do, and when it is over."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from bot.demo.errors import NotNowError
from bot.demo.phone.twiml import KEYS


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the phone."""

    digit: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the provider understood of what was said."""

    text: str
    confidence: float


Heard: TypeAlias = Key | Spoken
CONFIDENCE = 0.93


class PhoneLine:
    """Joins the person at the page to the call that is played."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._heard: asyncio.Queue[Heard] = asyncio.Queue()
        self._picked_up: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._over: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.prompt = ""
        self.typed = ""
        """Keys of the answer that is being given; the page shows dots or digits."""
        self.listening = False

    # ------------------------------------------------------------ the person

    def answer(self) -> None:
        self._pick_up("in-progress")

    def refuse(self, how: str) -> None:
        """`busy` or `no-answer`."""
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
        """Return `in-progress`, `busy` or `no-answer`, or how the call was ended meanwhile."""
        ends: set[asyncio.Future[str]] = {self._picked_up, self._over}
        await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if not self._picked_up.done() and not self._over.done():
            self._picked_up.set_result("no-answer")
        return self._over.result() if self._over.done() else self._picked_up.result()

    def forget(self) -> None:
        """Drop what was pressed or said while nobody listened."""
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
