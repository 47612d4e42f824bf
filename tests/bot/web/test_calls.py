"""The call provider's door: only the provider gets in, and nothing it repeats counts twice."""

import asyncio
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.demo.phone.signature import sign
from state.model.verification import SessionId
from state.ports import UnitOfWork
from tests.support.chat import ADA, Scene
from tests.support.phone import AUTH_TOKEN, PUBLIC_URL, SID, Heard, Phone, post, sid_of
from tests.support.scenes import opened_scene

FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}
FORM = {
    "CallSid": sid_of(1),
    "AccountSid": SID,
    "To": "+12025550123",
    "CallStatus": "in-progress",
    "Digits": "",
}


async def ringing(scene: Scene) -> Phone:
    ada = scene.person(ADA)
    await ada.link()
    return await ada.be_called()


async def _answers(scene: Scene, phone: Phone) -> str | None:
    session = SessionId(phone.order["Url"].split("/")[-2])

    async def stored(unit: UnitOfWork) -> str | None:
        return await unit.provider_replies.get(session, 0)

    return await scene.parts.desk.database.transact(stored)


@pytest.mark.parametrize(
    "signature",
    ["", "nonsense", "ä", sign("another token", f"{PUBLIC_URL}/hooks", FORM.items())],
    ids=["missing", "wrong", "not ASCII", "another token's"],
)
async def test_an_invalid_signature_is_refused_and_changes_nothing(
    scene: Scene, signature: str
) -> None:
    phone = await ringing(scene)
    path = urlsplit(phone.order["Url"]).path

    headers = {"X-Twilio-Signature": signature}
    answer = await scene.door.post(path, data=FORM, headers=headers)

    assert answer.status == 403
    assert await _answers(scene, phone) is None
    assert "Your phone is ringing" in scene.person(ADA).last.text


async def test_a_truncated_signature_is_refused(scene: Scene) -> None:
    phone = await ringing(scene)
    path = urlsplit(phone.order["Url"]).path
    signature = sign(AUTH_TOKEN, PUBLIC_URL + path, FORM.items())[:-4]

    answer = await scene.door.post(path, data=FORM, headers={"X-Twilio-Signature": signature})

    assert answer.status == 403


@pytest.mark.parametrize("signed", ["https://desk.example:8443", "https://desk.example"])
async def test_the_port_in_the_signed_url_is_optional(
    sqlite_url: str, tmp_path: Path, signed: str
) -> None:
    ours = "https://desk.example:8443"
    async with opened_scene(sqlite_url, folder=tmp_path, public_url=ours) as scene:
        phone = await ringing(scene)
        path = phone.order["Url"].removeprefix(ours)
        form = phone.form({"CallStatus": "in-progress"})

        signature = sign(AUTH_TOKEN, signed + path, form.items())
        answer = await scene.door.post(path, data=form, headers={"X-Twilio-Signature": signature})

        assert answer.status == 200
        assert "press the hash key" in Heard(xml=await answer.text()).words


async def test_another_account_of_the_provider_is_refused(scene: Scene) -> None:
    phone = await ringing(scene)

    answer = await post(scene.door, phone.order["Url"], FORM | {"AccountSid": "AC" + "1" * 32})

    assert answer.status == 403
    assert await _answers(scene, phone) is None


async def test_another_call_than_the_sessions_gets_no_words(scene: Scene) -> None:
    phone = await ringing(scene)

    answer = await post(scene.door, phone.order["Url"], FORM | {"CallSid": sid_of(9)})

    assert await answer.text() == "<Response><Hangup /></Response>"
    assert "Your phone is ringing" in scene.person(ADA).last.text


async def test_an_unknown_session_gets_no_words(scene: Scene) -> None:
    answer = await post(scene.door, f"/hooks/twilio/voice/{'0' * 32}/0", FORM)

    assert await answer.text() == "<Response><Hangup /></Response>"


async def test_a_repeated_turn_gets_an_identical_answer_and_counts_once(scene: Scene) -> None:
    phone = await ringing(scene)
    await phone.to_code_step()
    asked_at = phone.asked_at
    wrong = {**FORM, "Digits": scene.person(ADA).wrong_code}

    answers = await asyncio.gather(*(post(scene.door, asked_at, wrong) for _ in range(8)))
    bodies = {await answer.read() for answer in answers}
    await scene.settle()

    assert len(bodies) == 1
    assert b"You have 2 attempts left." in bodies.pop()
    assert "2 attempts left." in scene.person(ADA).last.text


async def test_a_code_that_verified_is_not_accepted_again(scene: Scene) -> None:
    phone = await ringing(scene)
    await phone.to_code_step()
    form = {**FORM, "Digits": scene.person(ADA).code}
    first = await post(scene.door, phone.asked_at, form)
    scene.clock.forward(hours=1)

    again = await post(scene.door, phone.asked_at, form)
    later_turn = phone.asked_at.rpartition("/")[0] + "/9"
    elsewhere = await post(scene.door, later_turn, form)

    assert await again.text() == await first.text()
    assert Heard(xml=await elsewhere.text()).words == ""


async def test_status_reports_count_once_in_any_order(scene: Scene) -> None:
    phone = await ringing(scene)
    url = phone.order["StatusCallback"]
    reports = [
        {**FORM, "CallStatus": "busy", "SequenceNumber": "3"},
        {**FORM, "CallStatus": "busy", "SequenceNumber": "3"},
        {**FORM, "CallStatus": "ringing", "SequenceNumber": "1"},
        {**FORM, "CallStatus": "initiated", "SequenceNumber": "0"},
        {**FORM, "CallStatus": "completed", "SequenceNumber": "4", "CallSid": sid_of(9)},
    ]

    statuses = [(await post(scene.door, url, report)).status for report in reports]
    await scene.settle()

    assert statuses == [204] * 5
    assert scene.person(ADA).last.text.startswith("The line was busy.")


async def test_an_unconfirmed_call_is_adopted_by_its_first_report(scene: Scene) -> None:
    scene.provider.answers = [(500, {})]
    phone = await ringing(scene)

    await phone.report("ringing")

    assert scene.person(ADA).last.text.startswith("Your phone is ringing")


async def test_the_fallback_url_repeats_the_prompt(scene: Scene) -> None:
    phone = await ringing(scene)
    greeting = await phone.pick_up()

    answer = await post(scene.door, phone.order["FallbackUrl"], FORM)

    assert await answer.text() == greeting.xml


@pytest.mark.parametrize(
    ("form", "heard"),
    [
        ({"SpeechResult": "123456", "Confidence": "0.05"}, "This did not cost you an attempt."),
        ({"SpeechResult": "123456", "Confidence": "high"}, "That is not the code."),
        ({"SpeechResult": "123456"}, "That is not the code."),
        ({"Digits": "12345"}, "This did not cost you an attempt."),
        ({"Digits": "*"}, "Now key in, or say slowly"),
        (
            {"SpeechResult": "zwölf", "Novelty": "from tomorrow"},
            "This did not cost you an attempt.",
        ),
    ],
)
async def test_recognised_speech_is_accepted_only_with_sufficient_confidence(
    scene: Scene, form: dict[str, str], heard: str
) -> None:
    phone = await ringing(scene)
    await phone.to_code_step()

    answer = await post(scene.door, phone.asked_at, {**FORM, **form})

    assert heard in Heard(xml=await answer.text()).words


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": FORM}, 400),
        ({"data": b"Digits=1", "headers": {"Content-Type": "text/plain"}}, 400),
        ({"data": BytesIO(b"Digits=" + b"1" * 1_100_000), "headers": FORM_TYPE}, 413),
    ],
    ids=["JSON", "plain text", "over a megabyte"],
)
async def test_malformed_requests_are_refused(
    scene: Scene, sent: dict[str, Any], status: int
) -> None:
    phone = await ringing(scene)

    answer = await scene.door.post(urlsplit(phone.order["Url"]).path, **sent)

    assert answer.status == status


async def test_a_form_with_ten_thousand_fields_is_refused_before_parsing(scene: Scene) -> None:
    form = {f"p{n}": "x" for n in range(10_000)}

    answer = await scene.door.post(f"/hooks/twilio/voice/{'0' * 32}/0", data=form)

    assert answer.status == 413


async def test_the_webhook_accepts_only_post(scene: Scene) -> None:
    answer = await scene.door.get(f"/hooks/twilio/voice/{'0' * 32}/0")

    assert answer.status == 405
    assert answer.content_type == "application/problem+json"
