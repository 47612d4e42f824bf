"""The Bot API by HTTP and JSON: one call, one answer, every failure named.

TelegramError
├── RetryAfterError     429: Telegram says how long to wait
├── BlockedError        403: the person blocked the bot, or is gone
├── RefusedError        any other 4xx: sending the same again would not help
│   └── ConflictError   409: another process polls with this token
└── UnreachableError    no answer, a broken one, or 5xx: try again later
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal, Protocol, Self

import aiohttp
import orjson

from bot.presentation.telegram_html import plain

LEAST, MOST = -(2**63), 2**63 - 1
"""Whole numbers that both databases take."""
_LONG = re.compile(rb"\d{19}")


def to_json(value: object) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, separators=(",", ":")).encode()


def from_json(body: bytes) -> Any:
    """ValueError (or RecursionError) if it is none."""
    try:
        return orjson.loads(body)
    except ValueError:
        return json.loads(body)


def numbers_fit(value: Any) -> bool:
    """Whether every whole number in a JSON value fits into 64 bits, and it isn't nested endlessly.

    Few values hold so many digits in a row, and only those are looked through.
    """
    try:
        if _LONG.search(to_json(value)) is None:
            return True
    except RecursionError:
        return False
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            left += one.values()
        elif isinstance(one, list):
            left += one
        elif isinstance(one, int) and not LEAST <= one <= MOST:
            return False
    return True


def number_of(update: Mapping[str, Any]) -> int | None:
    """Its `update_id`; None if it is none that Telegram gives, or that a database takes."""
    number = update.get("update_id")
    fits = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < MOST
    return number if fits else None


_JSON = {"Content-Type": "application/json"}
_PATIENCE = aiohttp.ClientTimeout(total=30, connect=10)


class TelegramError(Exception):
    """Root of what the Bot API answers instead of a result."""


class RetryAfterError(TelegramError):
    def __init__(self, seconds: int) -> None:
        super().__init__(f"Telegram asks to wait {seconds} s")
        self.seconds = seconds


class BlockedError(TelegramError):
    """The person blocked the bot or deleted their account."""


class RefusedError(TelegramError):
    """Telegram understood and said no."""


class ConflictError(RefusedError):
    """Somebody else takes the updates of this bot."""


class UnreachableError(TelegramError):
    """Whether Telegram did it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as a parameter of a call."""

    name: str
    content: bytes = field(repr=False)
    content_type: str


class Calls(Protocol):
    """What the rest of the bot needs of the Bot API."""

    async def call(self, method: str, **parameters: object) -> Any:
        """The `result` of the method's answer, or a TelegramError."""
        ...


class BotApi:
    """One bot at one Bot API server. Use as an async context manager."""

    def __init__(self, *, base_url: str, token: str) -> None:
        self._prefix = f"{base_url}/bot{token}/"
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            timeout=_PATIENCE, cookie_jar=aiohttp.DummyCookieJar()
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session:
            await self._session.close()

    async def call(self, method: str, **parameters: object) -> Any:
        if self._session is None:
            raise RuntimeError("BotApi is used outside its context")
        body = {name: value for name, value in parameters.items() if value is not None}
        form = _form(body)
        content: dict[str, Any] = (
            {"data": to_json(body), "headers": _JSON} if form is None else {"data": form}
        )
        try:
            async with self._session.post(
                self._prefix + method, timeout=_patience(body), **content
            ) as response:
                answer = from_json(await response.read())
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            # The error's own text may hold the address, and with it the token.
            raise UnreachableError(f"{method}: {type(error).__name__}") from None
        return _result(method, answer)


def _form(body: Mapping[str, object]) -> aiohttp.FormData | None:
    """Where a file goes along, the rest is form fields too."""
    if not any(isinstance(value, Upload) for value in body.values()):
        return None
    form = aiohttp.FormData()
    for name, value in body.items():
        if isinstance(value, Upload):
            form.add_field(
                name, value.content, filename=value.name, content_type=value.content_type
            )
        else:
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    return form


def _patience(body: Mapping[str, object]) -> aiohttp.ClientTimeout:
    """Long polling answers when it has something to say, at the latest after `timeout`."""
    wait = body.get("timeout")
    return aiohttp.ClientTimeout(total=wait + 15) if isinstance(wait, int) else _PATIENCE


def _result(method: str, answer: object) -> Any:
    if not isinstance(answer, dict):
        raise UnreachableError(f"{method}: an answer that is no object")
    if answer.get("ok"):
        return answer.get("result")
    code = answer.get("error_code", 0)
    why = f"{method}: {answer.get('description', 'no reason given')}"
    if code == HTTPStatus.TOO_MANY_REQUESTS:
        raise RetryAfterError(int(answer.get("parameters", {}).get("retry_after", 1)))
    if code == HTTPStatus.FORBIDDEN:
        raise BlockedError(why)
    if code == HTTPStatus.CONFLICT:
        raise ConflictError(why)
    if HTTPStatus.BAD_REQUEST <= code < HTTPStatus.INTERNAL_SERVER_ERROR:
        raise RefusedError(why)
    raise UnreachableError(why)


class Messenger:
    """Sends and edits messages so that the words arrive, markup or not."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def send(
        self, chat_id: int, text: str, keyboard: Mapping[str, object] | None, **more: object
    ) -> int:
        """Bot API `message_id` of the new message."""
        message = await self._with_plain_fallback(
            "sendMessage",
            text,
            chat_id=chat_id,
            reply_markup=keyboard,
            link_preview_options={"is_disabled": True},
            **more,
        )
        return int(message["message_id"])

    async def send_file(self, chat_id: int, file: Upload, caption: str) -> None:
        """`caption` is Telegram HTML, at most 1,024 characters as shown."""
        await self._calls.call(
            "sendDocument", chat_id=chat_id, document=file, caption=caption, parse_mode="HTML"
        )

    async def edit(
        self, chat_id: int, message_id: int, text: str, keyboard: Mapping[str, object] | None
    ) -> bool:
        """False if Telegram no longer lets this message be edited: send a new one."""
        try:
            await self._with_plain_fallback(
                "editMessageText",
                text,
                chat_id=chat_id,
                message_id=message_id,
                reply_markup=keyboard,
                link_preview_options={"is_disabled": True},
            )
        except RefusedError as error:
            return "message is not modified" in str(error)
        return True

    async def take_away(self, chat_id: int, message_id: int) -> Literal[False]:
        """What could not be edited; False, so that its words are sent anew.

        Telegram may refuse that too, or have lost it already: then there is nothing to do.
        """
        with suppress(RefusedError):
            await self._calls.call("deleteMessage", chat_id=chat_id, message_id=message_id)
        return False

    async def _with_plain_fallback(self, method: str, text: str, **more: object) -> Any:
        try:
            return await self._calls.call(method, text=text, parse_mode="HTML", **more)
        except RefusedError as error:
            if "can't parse entities" not in str(error):
                raise
            return await self._calls.call(method, text=plain(text), **more)
