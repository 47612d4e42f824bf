"""Bot API client over HTTP and JSON; every failure is a named error.

TelegramError
├── RetryAfterError     429: Telegram says how long to wait
├── BlockedError        403: the person blocked the bot or deleted their account
├── RefusedTokenError   401, 404: Telegram doesn't accept the bot token, at least for now
├── RefusedError        any other 4xx: repeating the call would not help
│   ├── ConflictError   409: updates go elsewhere, to another poller or a webhook
│   └── MovedError      400: the group is a supergroup now, with another id
└── UnreachableError    no response, an invalid one, or 5xx: try again later
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

from bot.presentation.telegram_html import LONGEST_MESSAGE, cut, length, plain

LEAST, MOST = -(2**63), 2**63 - 1
"""Range of integers that both databases store: 64 bits, signed."""
_LONG = re.compile(rb"\d{19}")


def to_json(value: object) -> bytes:
    """Compact UTF-8 JSON; falls back to the standard library for integers beyond 64 bits."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, separators=(",", ":")).encode()


def from_json(body: bytes) -> Any:
    """Parse JSON; ValueError or RecursionError if it is invalid or too deep."""
    try:
        return orjson.loads(body)
    except ValueError:
        return json.loads(body)


def numbers_fit(value: Any) -> bool:
    """Whether every integer in a JSON value fits into 64 bits, and nesting is not too deep.

    A quick search for 19 digits in a row comes first, since few values hold any.
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
    """The `update_id`; None if it is missing, not an integer, negative or beyond 64 bits."""
    number = update.get("update_id")
    fits = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < MOST
    return number if fits else None


_JSON = {"Content-Type": "application/json"}
_PATIENCE = aiohttp.ClientTimeout(total=30, connect=10)


class TelegramError(Exception):
    """Root of the errors that the Bot API responds with."""


class RetryAfterError(TelegramError):
    """Rate limited (429): wait `seconds` before the next call."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Telegram asks to wait {seconds} s")
        self.seconds = seconds


class BlockedError(TelegramError):
    """The person blocked the bot or deleted their account."""


class RefusedTokenError(TelegramError):
    """Telegram does not accept the bot token (401, 404), whatever the call: try again later."""


class RefusedError(TelegramError):
    """Telegram refused the call (4xx); repeating it would not help."""


class ConflictError(RefusedError):
    """The bot's updates go elsewhere (409): to another poller, or to a webhook."""


class MovedError(RefusedError):
    """The group became a supergroup, which has another id."""

    def __init__(self, why: str, chat_id: int) -> None:
        super().__init__(why)
        self.chat_id = chat_id


class UnreachableError(TelegramError):
    """No valid response: it is unknown whether Telegram carried out the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as a parameter of a Bot API call."""

    name: str
    content: bytes = field(repr=False)
    content_type: str


class BotApiCalls(Protocol):
    """Port: a caller of Bot API methods."""

    async def call(self, method: str, **parameters: object) -> Any:
        """Call a method and return its `result`. Raises TelegramError."""
        ...


class BotApi:
    """Bot API client of one bot. Use as an async context manager."""

    def __init__(self, *, base_url: str, token: str, proxy: str | None = None) -> None:
        self._prefix = f"{base_url}/bot{token}/"
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            timeout=_PATIENCE, cookie_jar=aiohttp.DummyCookieJar(), proxy=self._proxy
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
    """The parameters as multipart form if one of them is a file; otherwise None."""
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
    """HTTP timeout: for long polling, its `timeout` plus 15 seconds."""
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
    if _is_about_token(code, why):
        raise RefusedTokenError(why)
    if code == HTTPStatus.CONFLICT:
        raise ConflictError(why)
    moved_to = (answer.get("parameters") or {}).get("migrate_to_chat_id")
    if isinstance(moved_to, int):
        raise MovedError(why, moved_to)
    if HTTPStatus.BAD_REQUEST <= code < HTTPStatus.INTERNAL_SERVER_ERROR:
        raise RefusedError(why)
    raise UnreachableError(why)


def _is_about_token(code: int, why: str) -> bool:
    """Whether the error concerns the bot as a whole, so that every call would get it.

    A method that an older server lacks is a 404 too, and a bot that logged out gets a 400.
    """
    if code == HTTPStatus.BAD_REQUEST:
        return why.endswith("Logged out")
    if code == HTTPStatus.NOT_FOUND:
        return "method not found" not in why
    return code == HTTPStatus.UNAUTHORIZED


class Messenger:
    """Sends and edits messages.

    Falls back to plain text if Telegram rejects the markup, or would reject the length: of a text
    that is too long, the beginning is sent.
    """

    def __init__(self, calls: BotApiCalls) -> None:
        self._calls = calls

    async def send(
        self, chat_id: int, text: str, keyboard: Mapping[str, object] | None, **parameters: object
    ) -> int:
        """Send a message without link preview; returns its Bot API `message_id`."""
        message = await self._with_plain_fallback(
            "sendMessage",
            text,
            chat_id=chat_id,
            reply_markup=keyboard,
            link_preview_options={"is_disabled": True},
            **parameters,
        )
        return int(message["message_id"])

    async def send_file(
        self, chat_id: int, file: Upload, caption: str, **parameters: object
    ) -> None:
        """Send a document; `caption` is Telegram HTML, at most 1,024 characters when shown."""
        await self._calls.call(
            "sendDocument",
            chat_id=chat_id,
            document=file,
            caption=caption,
            parse_mode="HTML",
            **parameters,
        )

    async def edit(
        self, chat_id: int, message_id: int, text: str, keyboard: Mapping[str, object] | None
    ) -> bool:
        """Edit a message; False if Telegram no longer allows it, so that a new one is needed."""
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

    async def delete(self, chat_id: int, message_id: int) -> Literal[False]:
        """Delete a message that could not be edited; returns False: send its text anew.

        A refused deletion is ignored: the message may be gone already.
        """
        with suppress(RefusedError):
            await self._calls.call("deleteMessage", chat_id=chat_id, message_id=message_id)
        return False

    async def remove_buttons(self, chat_id: int, message_id: int) -> None:
        """Remove a message's inline buttons; a refusal is ignored: it may have none any more."""
        with suppress(RefusedError):
            await self._calls.call(
                "editMessageReplyMarkup", chat_id=chat_id, message_id=message_id
            )

    async def _with_plain_fallback(self, method: str, text: str, **more: object) -> Any:
        if len(text) > LONGEST_MESSAGE // 2 and length(shown := plain(text)) > LONGEST_MESSAGE:
            beginning = cut(shown, LONGEST_MESSAGE - 1) + "…"
            return await self._calls.call(method, text=beginning, **more)
        try:
            return await self._calls.call(method, text=text, parse_mode="HTML", **more)
        except RefusedError as error:
            if "can't parse entities" not in str(error):
                raise
            return await self._calls.call(method, text=plain(text), **more)
