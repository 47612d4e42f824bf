"""The call provider's door: who gets in, what counts, and what happens to all the rest."""

import asyncio
from collections.abc import Awaitable, Callable
from io import BytesIO
from time import process_time
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

import pytest
from aiohttp import ClientResponse
from sqlalchemy import event

from bot.demo.phone.signature import sign
from state.model.verification import Verified
from tests.attacks.records import at_the_code, audited, dump, round_of
from tests.support.chat import Conversation, Scene
from tests.support.metric_samples import reading
from tests.support.phone import AUTH_TOKEN, PUBLIC_URL, Heard, post, sid_of

REPEATED = 20
HANGUP = "<Response><Hangup /></Response>"
FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}


def refused(scene: Scene, route: str) -> float:
    metrics = scene.parts.monitor.metrics
    return reading(metrics, "http_requests_total", route=route, code="403")


@pytest.mark.attack("T16")
async def test_a_code_request_repeated_twenty_times_is_one_attempt_with_identical_answers(
    scene: Scene, ada: Conversation
) -> None:
    phone = await at_the_code(ada)
    form = phone.form({"Digits": ada.wrong_code})

    answers = await asyncio.gather(
        *(post(scene.door, phone.asked_at, form) for _ in range(REPEATED))
    )
    bodies = {await each.read() for each in answers}

    assert len(bodies) == 1
    assert await audited(scene, "call.wrong_code") == 1


@pytest.mark.attack("T17")
async def test_late_and_out_of_order_reports_change_nothing(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    phone = await ada.be_called()
    url = phone.order["StatusCallback"]
    reports = [
        phone.form({"CallStatus": status, "SequenceNumber": number})
        for status, number in (("no-answer", "3"), ("ringing", "1"), ("initiated", "0"))
    ]

    statuses = [(await post(scene.door, url, report)).status for report in reports]
    await scene.settle()

    assert statuses == [204] * 3
    assert ada.last.text.startswith("Nobody answered")


@pytest.mark.attack("T18")
async def test_a_code_that_arrives_after_the_end_of_its_call_is_still_checked(
    scene: Scene, ada: Conversation
) -> None:
    phone = await at_the_code(ada)
    code = ada.code

    await phone.report("completed")
    scene.clock.forward(seconds=4)
    heard = await phone.key(code)
    await scene.wait(minutes=10)

    assert heard.words.startswith("That is right.")
    assert isinstance(await round_of(scene), Verified)
    assert "The call ended before a code came." not in ada.text


@pytest.mark.attack("T18")
async def test_a_code_concurrent_with_the_end_of_its_call_verifies(
    scene: Scene, ada: Conversation
) -> None:
    phone = await at_the_code(ada)
    ended = phone.form({"CallStatus": "completed", "SequenceNumber": "3"})

    answer, report = await asyncio.gather(
        post(scene.door, phone.asked_at, phone.form({"Digits": ada.code})),
        post(scene.door, phone.order["StatusCallback"], ended),
    )
    await scene.wait(minutes=10)

    assert Heard(xml=await answer.text()).words.startswith("That is right.")
    assert report.status == 204
    assert isinstance(await round_of(scene), Verified)
    assert "The call ended" not in ada.text


@pytest.mark.attack("T19")
@pytest.mark.parametrize("token", [None, "", "nonsense", "another token", "truncated"], ids=str)
async def test_an_invalid_signature_writes_nothing(
    scene: Scene, ada: Conversation, token: str | None
) -> None:
    phone = await at_the_code(ada)
    before = await dump(scene)
    form = phone.form({"Digits": ada.code})
    path = urlsplit(phone.asked_at).path
    right = sign(AUTH_TOKEN, PUBLIC_URL + path, form.items())
    wrong = {"truncated": right[:-4], "another token": sign("x", PUBLIC_URL + path, form.items())}
    headers = {} if token is None else {"X-Twilio-Signature": wrong.get(token, token)}

    answer = await scene.door.post(path, data=form, headers=headers)

    assert answer.status == 403
    assert await dump(scene) == before
    assert refused(scene, "/hooks/twilio/code/{session}/{turn}") == 1


@pytest.mark.attack("T20")
@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("AccountSid", "AC" + "1" * 32, 403),
        ("To", "+12025550178", 200),
        ("CallSid", sid_of(9), 200),
    ],
)
async def test_a_signed_request_about_another_call_is_ignored_and_audited(
    scene: Scene, ada: Conversation, field: str, value: str, status: int
) -> None:
    phone = await at_the_code(ada)
    form = phone.form({"Digits": ada.code}) | {field: value}

    answer = await post(scene.door, phone.asked_at, form)
    reported = await post(scene.door, phone.order["StatusCallback"], form)

    assert (answer.status, reported.status) == (status, 403 if status == 403 else 204)
    assert await audited(scene, "call.webhook_mismatch") == 2
    assert await audited(scene, "call.verified") == 0


@pytest.mark.attack("T21")
async def test_a_signed_request_replayed_after_an_hour_has_no_effect(
    scene: Scene, ada: Conversation
) -> None:
    phone = await at_the_code(ada)
    asked_at, form = phone.asked_at, phone.form({"Digits": ada.wrong_code})
    first = await post(scene.door, asked_at, form)
    await scene.wait(hours=1)
    before = await round_of(scene)

    again = await post(scene.door, asked_at, form)
    unanswered = await post(scene.door, asked_at.rpartition("/")[0] + "/7", form)

    assert await again.text() == await first.text()
    assert Heard(xml=await unanswered.text()).words == ""
    assert await round_of(scene) == before


@pytest.mark.attack("T22")
@pytest.mark.parametrize("encode", [quote, quote_plus], ids=["%20", "+"])
async def test_every_parameter_is_signed_in_any_encoding(
    scene: Scene, ada: Conversation, encode: Any
) -> None:
    phone = await at_the_code(ada)
    code = ada.code
    received = [
        *phone.form({"Digits": "", "SpeechResult": f"código {' '.join(code)}"}).items(),
        ("Confidence", "0.91"),
        ("NewerThanUs", "from tomorrow"),
        ("NewerThanUs", "and twice"),
    ]
    path = urlsplit(phone.asked_at).path
    body = "&".join(f"{encode(name)}={encode(value)}" for name, value in received)
    headers = {
        "X-Twilio-Signature": sign(AUTH_TOKEN, PUBLIC_URL + path, received),
        **FORM_TYPE,
    }

    answer = await scene.door.post(path, data=body.encode(), headers=headers)

    assert answer.status == 200
    assert "This did not cost you an attempt." in Heard(xml=await answer.text()).words


@pytest.mark.attack("T23")
@pytest.mark.parametrize("signed", [PUBLIC_URL, f"{PUBLIC_URL}:443"], ids=["bare", "with port"])
async def test_behind_a_proxy_the_public_url_is_what_is_signed(
    scene: Scene, ada: Conversation, signed: str
) -> None:
    phone = await at_the_code(ada)
    form = phone.form({"Digits": ada.code})
    path = urlsplit(phone.asked_at).path
    headers = {
        "X-Twilio-Signature": sign(AUTH_TOKEN, signed + path, form.items()),
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "http",
    }

    answer = await scene.door.post(path, data=form, headers=headers)

    assert Heard(xml=await answer.text()).words.startswith("That is right.")


@pytest.mark.attack("T23")
async def test_a_host_sent_by_the_client_is_not_trusted(scene: Scene, ada: Conversation) -> None:
    phone = await at_the_code(ada)
    form = phone.form({"Digits": ada.code})
    path = urlsplit(phone.asked_at).path
    signature = sign(AUTH_TOKEN, "https://evil.example" + path, form.items())
    headers = {"X-Twilio-Signature": signature, "X-Forwarded-Host": "evil.example"}

    answer = await scene.door.post(path, data=form, headers=headers)

    assert answer.status == 403


MANY_PARAMETERS = "&".join(f"p{number}=x" for number in range(10_000)).encode()


def watched(scene: Scene) -> list[str]:
    """Every statement that the database is asked from now on."""
    seen: list[str] = []
    engine = scene.parts.desk.database.connections.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *asked: seen.append(asked[2]))
    return seen


async def timed(asked: Awaitable[ClientResponse]) -> tuple[int, float]:
    """Status and seconds of work, the asking included; other work of the machine is not."""
    began = process_time()
    return (await asked).status, process_time() - began


@pytest.mark.attack("T24")
@pytest.mark.parametrize(
    ("method", "sent", "status"),
    [
        ("POST", lambda: {"data": BytesIO(b"D=" + b"1" * 1_100_000), "headers": FORM_TYPE}, 413),
        ("POST", lambda: {"data": MANY_PARAMETERS, "headers": FORM_TYPE}, 413),
        ("POST", lambda: {"json": {"Digits": "1"}}, 400),
        ("GET", dict, 405),
    ],
    ids=["a megabyte", "10,000 parameters", "JSON", "GET"],
)
async def test_requests_that_the_provider_never_sends_are_refused(
    scene: Scene, ada: Conversation, method: str, sent: Callable[[], Any], status: int
) -> None:
    phone = await at_the_code(ada)
    path = urlsplit(phone.asked_at).path
    statements = watched(scene)

    tried = [await timed(scene.door.request(method, path, **sent())) for _ in range(5)]

    assert {answer for answer, _ in tried} == {status}
    assert min(seconds for _, seconds in tried) < 0.1
    assert statements == []
