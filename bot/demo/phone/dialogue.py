"""TwiML interpreter: speaks prompts on a line, gathers input, follows redirects."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias, assert_never
from urllib.parse import urljoin, urlsplit

from bot.demo.phone.line import Key, PhoneLine, Spoken
from bot.demo.phone.twiml import Gather, Hangup, Pause, Redirect, Say, TwimlError, Verb

MOST_DOCUMENTS = 60
Parameters: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwimlDocument:
    """A parsed TwiML document and the URL it came from."""

    url: str
    verbs: tuple[Verb, ...]


FetchTwiml: TypeAlias = Callable[[str, str, Parameters], Awaitable[TwimlDocument]]
"""(URL, method, parameters besides those of the call) → the next document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPace:
    """Speed of simulated calls; tests use a higher one."""

    second: float = 1.0
    """Real seconds per second of a timeout or pause."""
    word: float = 0.3
    """Real seconds per spoken word."""


class CallPlayer:
    """Plays documents until a hang-up or the end of a document; TwimlError if one is invalid."""

    def __init__(self, *, line: PhoneLine, fetch: FetchTwiml, pace: CallPace) -> None:
        self._line = line
        self._fetch = fetch
        self._pace = pace

    async def run(self, url: str, method: str) -> None:
        document = await self._fetch(url, method, {})
        for _ in range(MOST_DOCUMENTS):
            following = await self._play(document)
            if following is None:
                return
            document = following
        raise TwimlError(11205, "the dialogue leads in circles")

    async def _play(self, document: TwimlDocument) -> TwimlDocument | None:
        for verb in document.verbs:
            match verb:
                case Say() | Pause():
                    await self._utter(verb)
                case Hangup():
                    return None
                case Redirect(url=url, method=method):
                    return await self._fetch(_address(document, url), method, {})
                case Gather():
                    answer = await self._gather(verb)
                    if answer is not None:
                        action = _address(document, verb.action)
                        return await self._fetch(action, verb.method, answer)
                case _:
                    assert_never(verb)
        return None

    async def _utter(self, verb: Say | Pause) -> None:
        match verb:
            case Say(text=text):
                self._line.show(prompt=text)
                await asyncio.sleep(len(text.split()) * self._pace.word)
            case Pause(seconds=seconds):
                await asyncio.sleep(seconds * self._pace.second)
            case _:
                assert_never(verb)

    async def _utter_all(self, verbs: tuple[Say | Pause, ...]) -> None:
        for verb in verbs:
            await self._utter(verb)

    async def _gather(self, gather: Gather) -> Parameters | None:
        """Parameters to report; None for silence that the bot did not ask to hear of."""
        self._line.forget()
        self._line.show(typed="", listening=True)
        try:
            answer = await self._listen(gather)
        finally:
            self._line.show(typed="", listening=False)
        silent = not answer.get("Digits") and not answer.get("SpeechResult")
        return None if silent and not gather.report_silence else answer

    async def _listen(self, gather: Gather) -> Parameters:
        digits = ""
        heard = await self._first(gather)
        while heard is not None:
            match heard:
                case Spoken(text=text, confidence=confidence):
                    return _speech(gather, text, confidence)
                case Key(digit=digit):
                    if digit == gather.finish_on:
                        return {"Digits": digits}
                    digits += digit
                    self._line.show(typed=digits)
                    if len(digits) == gather.digits:
                        return {"Digits": digits}
                case _:
                    assert_never(heard)
            heard = await self._next(gather, keys_only=True)
        return {"Digits": digits}

    async def _first(self, gather: Gather) -> Key | Spoken | None:
        """First input; prompts stop at it, and the timeout starts after them."""
        speaking = asyncio.ensure_future(self._utter_all(gather.prompts))
        hearing = asyncio.ensure_future(self._wanted(gather))
        try:
            await asyncio.wait({speaking, hearing}, return_when=asyncio.FIRST_COMPLETED)
            if not hearing.done():
                await asyncio.wait({hearing}, timeout=gather.timeout * self._pace.second)
            return hearing.result() if hearing.done() else None
        finally:
            await _stop(speaking)
            await _stop(hearing)

    async def _next(self, gather: Gather, *, keys_only: bool) -> Key | Spoken | None:
        try:
            async with asyncio.timeout(gather.timeout * self._pace.second):
                return await self._wanted(gather, keys_only=keys_only)
        except TimeoutError:
            return None

    async def _wanted(self, gather: Gather, *, keys_only: bool = False) -> Key | Spoken:
        while True:
            heard = await self._line.hear()
            if gather.keys if isinstance(heard, Key) else gather.speech and not keys_only:
                return heard


def _address(document: TwimlDocument, url: str) -> str:
    """Absolute URL, relative to the document; TwimlError if it isn't one."""
    address = urljoin(document.url, url)
    if urlsplit(address).scheme not in {"http", "https"}:
        raise TwimlError(11100, f"Invalid URL format: {url or 'none'}")
    return address


def _speech(gather: Gather, text: str, confidence: float) -> Parameters:
    """Parameters of spoken input; with keys allowed too, `Digits` is blank."""
    blank = {"Digits": ""} if gather.keys else {}
    return {**blank, "SpeechResult": text, "Confidence": f"{confidence:.2f}"}


async def _stop(task: asyncio.Task[Any]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
