"""A simulated call: rings, plays TwiML, and posts status webhooks to the bot."""

import asyncio
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from bot.demo.phone.dialogue import CallPace, CallPlayer, Parameters, TwimlDocument
from bot.demo.phone.line import PhoneLine
from bot.demo.phone.orders import CallOrder
from bot.demo.phone.twiml import TwimlError, parse_twiml
from bot.demo.phone.webhooks import BotUnreachableError, Webhooks
from state.ports import Clock

API_VERSION = "2010-04-01"
SIP_CODES = {"completed": "200", "busy": "486", "no-answer": "487", "failed": "404"}
OK = range(200, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What all calls of a provider share."""

    account_sid: str
    clock: Clock
    pace: CallPace
    webhooks: Webhooks
    changed: Callable[["Call"], None]
    trouble: Callable[[str], None]


class Call:
    """One call; `play` runs it once, and `line` is the called person's end."""

    def __init__(self, *, sid: str, order: CallOrder, surroundings: Surroundings) -> None:
        self.sid = sid
        self.order = order
        self.status = "queued"
        self.created_at = surroundings.clock.now()
        self.changed_at = self.created_at
        self.answered_at: datetime | None = None
        self.ended_at: datetime | None = None
        self.line = PhoneLine(lambda: surroundings.changed(self))
        self._around = surroundings
        self._stages: asyncio.Queue[Mapping[str, str] | None] = asyncio.Queue()
        self._sequence = 0

    @property
    def active(self) -> bool:
        return self.ended_at is None

    async def play(self) -> None:
        """Run the call to its end; returns once all status webhooks are sent."""
        reporting = asyncio.ensure_future(self._report())
        try:
            how = await self._life()
            self.ended_at = self._around.clock.now()
            self._enter(how, "completed")
            self._stages.put_nowait(None)
            await reporting
        finally:
            reporting.cancel()

    async def _life(self) -> str:
        self._enter("initiated", "initiated")
        await asyncio.sleep(0.3 * self._around.pace.second)
        self._enter("ringing", "ringing")
        how = await self.line.ring(self.order.ring_seconds * self._around.pace.second)
        if how != "in-progress":
            return "canceled" if how == "completed" else how
        self.answered_at = self._around.clock.now()
        self._enter("in-progress", "answered")
        return await self._talk()

    def _enter(self, status: str, event: str) -> None:
        self.status = status
        self.changed_at = self._around.clock.now()
        if event in self.order.events and self.order.status_url:
            self._stages.put_nowait(self._stage())
        self._sequence += 1
        self._around.changed(self)

    def _stage(self) -> dict[str, str]:
        ended = {}
        if self.ended_at is not None:
            seconds = self.seconds
            ended = {"CallDuration": str(seconds), "Duration": str(math.ceil(seconds / 60))}
            ended["SipResponseCode"] = SIP_CODES.get(self.status, "487")
        return self.parameters() | {
            "Timestamp": format_datetime(self.changed_at),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(self._sequence),
            **ended,
        }

    async def _report(self) -> None:
        while (stage := await self._stages.get()) is not None:
            try:
                answered = await self._around.webhooks.send(
                    self.order.status_url, self.order.status_method, stage
                )
            except BotUnreachableError as error:
                self._around.trouble(f"The call's status could not be delivered: {error}")
                continue
            if answered.status not in OK:
                self._around.trouble(f"The call's status was answered with {answered.status}.")

    # ------------------------------------------------------------ talking

    async def _talk(self) -> str:
        talk = asyncio.ensure_future(self._dialogue())
        limit = self.order.talk_seconds * self._around.pace.second
        ends: set[asyncio.Future[str]] = {talk, self.line.over}
        try:
            await asyncio.wait(ends, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
            if talk.done():
                return talk.result()
            return self.line.over.result() if self.line.over.done() else "completed"
        finally:
            talk.cancel()
            await asyncio.gather(talk, return_exceptions=True)

    async def _dialogue(self) -> str:
        dialogue = CallPlayer(line=self.line, fetch=self._fetch, pace=self._around.pace)
        try:
            await dialogue.run(self.order.url, self.order.method)
        except (TwimlError, BotUnreachableError) as error:
            return await self._fall_back(error)
        return "completed"

    async def _fall_back(self, error: TwimlError | BotUnreachableError) -> str:
        self._around.trouble(f"The call could not go on: {error}")
        if not self.order.fallback_url:
            return "failed"
        code = error.code if isinstance(error, TwimlError) else 11205
        told = {"ErrorCode": str(code), "ErrorUrl": self.order.url}
        dialogue = CallPlayer(
            line=self.line,
            fetch=lambda url, method, answer: self._fetch(url, method, {**told, **answer}),
            pace=self._around.pace,
        )
        try:
            await dialogue.run(self.order.fallback_url, self.order.fallback_method)
        except (TwimlError, BotUnreachableError) as second:
            self._around.trouble(f"The fallback failed as well: {second}")
            return "failed"
        return "completed"

    async def _fetch(self, url: str, method: str, answer: Parameters) -> TwimlDocument:
        if not url:
            return TwimlDocument(url="", verbs=parse_twiml(self.order.twiml, "text/xml"))
        answered = await self._around.webhooks.send(url, method, self.parameters() | dict(answer))
        if answered.status not in OK:
            raise TwimlError(11200, f"HTTP retrieval failure: {answered.status} from {url}")
        return TwimlDocument(url=url, verbs=parse_twiml(answered.text, answered.content_type))

    # ------------------------------------------------------------ seen from outside

    @property
    def seconds(self) -> int:
        if self.answered_at is None or self.ended_at is None:
            return 0
        return round((self.ended_at - self.answered_at).total_seconds())

    def parameters(self) -> dict[str, str]:
        """Form parameters of every webhook about this call.

        Geography is blank, as it can be in reality.
        """
        geography = {
            f"{end}{part}": ""
            for end in ("From", "To", "Caller", "Called")
            for part in ("City", "State", "Zip", "Country")
        }
        return geography | {
            "CallSid": self.sid,
            "AccountSid": self._around.account_sid,
            "From": self.order.caller,
            "To": self.order.to,
            "Caller": self.order.caller,
            "Called": self.order.to,
            "CallStatus": self.status,
            "ApiVersion": API_VERSION,
            "Direction": "outbound-api",
        }

    def resource(self) -> dict[str, object]:
        """The call as JSON of the REST API."""
        uri = f"/{API_VERSION}/Accounts/{self._around.account_sid}/Calls/{self.sid}"
        started, ended = self.answered_at, self.ended_at
        over = ended is not None
        return {
            "sid": self.sid,
            "account_sid": self._around.account_sid,
            "to": self.order.to,
            "to_formatted": self.order.to,
            "from": self.order.caller,
            "from_formatted": self.order.caller,
            "phone_number_sid": None,
            "parent_call_sid": None,
            "status": "ringing" if self.status == "initiated" else self.status,
            "start_time": format_datetime(started) if started else None,
            "end_time": format_datetime(ended) if ended else None,
            "duration": str(self.seconds) if over else None,
            "price": None,
            "price_unit": "USD",
            "direction": "outbound-api",
            "answered_by": None,
            "api_version": API_VERSION,
            "annotation": None,
            "forwarded_from": None,
            "group_sid": None,
            "caller_name": None,
            "queue_time": "0",
            "trunk_sid": None,
            "date_created": format_datetime(self.created_at),
            "date_updated": format_datetime(self.changed_at),
            "uri": f"{uri}.json",
            "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
        }
