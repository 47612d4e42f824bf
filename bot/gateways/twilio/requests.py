"""Twilio's webhooks about a call: verify the signature, parse the form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.gateways.ports import CallReport, CallStep, ClaimedCall, ForgedRequestError
from bot.gateways.twilio.addresses import STATUS, tried_of
from bot.gateways.twilio.signature import is_signed
from bot.storable_text import storable
from state.model.verification import Ending, SessionId
from state.rules.call_events import KeyPressed, NothingPressed, PickedUp
from state.usecases.verification.run_call import Happened, HeardDigits

_ENDINGS = {
    "busy": Ending.BUSY,
    "no-answer": Ending.NO_ANSWER,
    "failed": Ending.NO_ANSWER,
    "canceled": Ending.NO_ANSWER,
    "completed": Ending.ABANDONED,
}
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReader:
    """Verifies and parses the webhooks of one account; `auth_tokens` has two during rotation."""

    public_url: str
    account_sid: str
    auth_tokens: Sequence[str]

    async def read(self, request: web.Request) -> CallStep | CallReport:
        """Verify and parse a webhook.

        ForgedRequestError for a bad signature, HTTPBadRequest for a malformed form.
        """
        pairs = await _form_of(request)
        given = request.headers.get("X-Twilio-Signature", "")
        # Twilio signs the public URL, not the one behind the proxy.
        if not is_signed(given, self.auth_tokens, self.public_url + request.raw_path, pairs):
            raise ForgedRequestError
        form = {name: storable(value) for name, value in pairs}
        call = ClaimedCall(
            session_id=SessionId(request.match_info["session"]),
            sid=form.get("CallSid", ""),
            number=form.get("To", ""),
            own_account=form.get("AccountSid") == self.account_sid,
        )
        step = request.path.split("/")[3]
        if step == STATUS:
            return _report(call, form)
        return CallStep(
            call=call,
            turn=int(request.match_info["turn"]),
            happened=_happened(step, form),
            tried=tried_of(request.query),
        )


async def _form_of(request: web.Request) -> list[tuple[str, str]]:
    if request.content_type != _FORM:
        raise web.HTTPBadRequest(reason=f"Send a form as {_FORM}")
    try:
        form = await request.post()
    except (LookupError, ValueError):
        raise web.HTTPBadRequest(reason="The form is not in the character set it names") from None
    return [(name, value) for name, value in form.items() if isinstance(value, str)]


def _report(call: ClaimedCall, form: Mapping[str, str]) -> CallReport:
    status = form.get("CallStatus", "")
    key = f"{call.sid}:{form.get('SequenceNumber', '')}:{status}"
    return CallReport(call=call, key=key, ended=_ENDINGS.get(status))


def _happened(step: str, form: Mapping[str, str]) -> Happened:
    digits = form.get("Digits")
    match step:
        case "ack":
            return KeyPressed(digits) if digits else NothingPressed()
        case "code":
            confidence = _confidence(form.get("Confidence"))
            return HeardDigits(keyed=digits, said=form.get("SpeechResult"), confidence=confidence)
        case _:
            return PickedUp()


def _confidence(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
