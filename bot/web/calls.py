"""The call provider's door: signed requests in, the next words of the call out."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.gateways.twilio.signature import is_signed
from bot.gateways.twilio.twiml import TRIED, TwimlRenderer
from bot.storable_text import storable
from bot.web.body import form_of
from state.model.channel import Channel
from state.model.verification import Ending, Prompt, SessionId, Silence
from state.ports import Clock, StateError, Transact, UnitOfWork
from state.rules.call_events import (
    Adopted,
    CallEvent,
    HungUp,
    KeyPressed,
    NothingPressed,
    PickedUp,
)
from state.usecases.registry import Provide, UseCases
from state.usecases.verification.call_audit import note_of
from state.usecases.verification.run_call import HeardDigits

T = TypeVar("T")


class SlowAnswers:
    """What takes too long goes on: stopped halfway, nobody could say what became of it."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._late: set[asyncio.Future[Any]] = set()

    async def wait_for(self, work: Awaitable[T]) -> T:
        """TimeoutError if it takes longer; its result is then to be asked for again."""
        running = asyncio.gather(work)
        self._late.add(running)
        running.add_done_callback(self._forget)
        done, _ = await asyncio.wait({running}, timeout=self._seconds)
        if not done:
            raise TimeoutError
        return running.result()[0]

    def _forget(self, late: asyncio.Future[Any]) -> None:
        self._late.discard(late)
        if not late.cancelled():
            late.exception()  # looked at, so that asyncio does not complain of it


log = logging.getLogger(__name__)

PROVIDER = "twilio"
PATIENCE = 5.0
"""Seconds; the provider gives up on us after 15."""
Form = Sequence[tuple[str, str]]
Handle = Callable[[web.Request, dict[str, str]], Awaitable[web.Response]]
Happening = CallEvent | HeardDigits

_ENDINGS = {
    "busy": Ending.BUSY,
    "no-answer": Ending.NO_ANSWER,
    "failed": Ending.NO_ANSWER,
    "canceled": Ending.NO_ANSWER,
    "completed": Ending.ABANDONED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHooks:
    """The routes and what they need."""

    transact: Transact
    provide: Provide
    clock: Clock
    dialogue: TwimlRenderer
    public_url: str
    account_sid: str
    auth_tokens: Sequence[str]
    committed: Callable[[], None]
    patience: SlowAnswers = field(default_factory=lambda: SlowAnswers(PATIENCE))

    def routes(self) -> list[web.RouteDef]:
        steps = {
            "voice": self._picked_up,
            "ack": self._key_pressed,
            "code": self._code_heard,
            "fallback": self._picked_up,
        }
        turns = [
            web.post(f"/hooks/twilio/{step}/{{session}}/{{turn:\\d{{1,3}}}}", self._answer(read))
            for step, read in steps.items()
        ]
        return [*turns, web.post("/hooks/twilio/status/{session}", self._guarded(self._status))]

    # ------------------------------------------------------------ what happened, from the form

    def _picked_up(self, _: dict[str, str]) -> Happening:
        return PickedUp()

    def _key_pressed(self, form: dict[str, str]) -> Happening:
        digits = form.get("Digits", "")
        return KeyPressed(digits) if digits else NothingPressed()

    def _code_heard(self, form: dict[str, str]) -> Happening:
        return HeardDigits(
            keyed=form.get("Digits"),
            said=form.get("SpeechResult"),
            confidence=_confidence(form.get("Confidence")),
        )

    # ------------------------------------------------------------ answering

    def _answer(self, read: Callable[[dict[str, str]], Happening]) -> Handler:
        async def answer(request: web.Request, form: dict[str, str]) -> web.Response:
            session_id = SessionId(request.match_info["session"])
            turn = int(request.match_info["turn"])
            happened = read(form)

            async def work(unit: UnitOfWork) -> str:
                return await self._say(unit, session_id, turn, happened, form)

            try:
                xml = await self.patience.wait_for(self.transact(work))
            except (TimeoutError, StateError):
                log.warning("a call is asked to wait: the database is busy")
                xml = self.dialogue.one_moment(session_id, turn, tried=_tried(request))
            self.committed()
            return web.Response(text=xml, content_type="text/xml", charset="utf-8")

        return self._guarded(answer)

    async def _say(
        self,
        unit: UnitOfWork,
        session_id: SessionId,
        turn: int,
        happened: Happening,
        form: Mapping[str, str],
    ) -> str:
        """The stored answer if this turn had one, so that a repeated request changes nothing."""
        stored = await unit.answers.get(session_id, turn)
        if stored is not None:
            return stored
        use = self.provide(unit)
        prompt: Prompt = Silence()
        if await self._is_ours(unit, use, session_id, form):
            prompt = await use.advance_call(session_id, happened)
            xml = self.dialogue.render(prompt, session_id, turn + 1)
            await unit.answers.put(session_id, turn, xml)
            return xml
        return self.dialogue.render(prompt, session_id, turn + 1)

    async def _is_ours(
        self,
        unit: UnitOfWork,
        use: UseCases,
        session_id: SessionId,
        form: Mapping[str, str],
    ) -> bool:
        """Whether this provider call belongs to the session; an unknown one is adopted."""
        found = await unit.verifications.of_session(session_id)
        session = None if found is None else found.session
        if session is None or session.channel is not Channel.CALL:
            return False
        sid = form.get("CallSid", "")
        wrong = [
            name
            for name, given, expected in (
                ("AccountSid", form.get("AccountSid"), self.account_sid),
                ("To", form.get("To"), session.number),
                ("CallSid", sid, session.provider_sid or sid),
            )
            if given != expected
        ]
        if wrong:
            log.warning("a call webhook does not fit its call: %s", ", ".join(wrong))
            await note_of(unit, session, "call.webhook_mismatch", self.clock.now(), *wrong)
            return False
        if session.provider_sid is None:
            await use.advance_call(session_id, Adopted(sid))
        return True

    async def _status(self, request: web.Request, form: dict[str, str]) -> web.Response:
        session_id = SessionId(request.match_info["session"])
        sid, status = form.get("CallSid", ""), form.get("CallStatus", "")
        event = f"{sid}:{form.get('SequenceNumber', '')}:{status}"

        async def work(unit: UnitOfWork) -> None:
            use = self.provide(unit)
            if not await self._is_ours(unit, use, session_id, form):
                return
            first = await unit.answers.first_time(PROVIDER, event, self.clock.now())
            if first and status in _ENDINGS:
                await use.advance_call(session_id, HungUp(_ENDINGS[status]))

        await self.transact(work)
        self.committed()
        return web.Response(status=HTTPStatus.NO_CONTENT)

    # ------------------------------------------------------------ the guard

    def _guarded(self, handle: Handle) -> Handler:
        async def guarded(request: web.Request) -> web.Response:
            received = await form_of(request)
            form = [(name, value) for name, value in received.items() if isinstance(value, str)]
            given = request.headers.get("X-Twilio-Signature", "")
            # The address the provider signed is the public one, not the one seen in here.
            url = self.public_url + request.raw_path
            if not is_signed(given, self.auth_tokens, url, form):
                log.warning("a call webhook with a wrong signature was refused")
                return web.Response(status=HTTPStatus.FORBIDDEN)
            if received.get("AccountSid") != self.account_sid:
                await self._refuse_account(request, dict(form))
                return web.Response(status=HTTPStatus.FORBIDDEN)
            return await handle(request, {name: storable(value) for name, value in form})

        return guarded

    async def _refuse_account(self, request: web.Request, form: dict[str, str]) -> None:
        """Our secret under another account's name: worth a line in the audit trail."""
        session_id = SessionId(request.match_info["session"])
        await self.transact(lambda unit: self._is_ours(unit, self.provide(unit), session_id, form))


def _tried(request: web.Request) -> int:
    text = request.query.get(TRIED, "")
    return int(text) if text in {"1", "2", "3"} else 0


def _confidence(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
