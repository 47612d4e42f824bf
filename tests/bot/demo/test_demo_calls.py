import pytest
from aiohttp import web

from bot.demo.errors import NotNowError
from bot.demo.phone.signature import sign
from tests.bot.demo.bench import AUTH_TOKEN, CALLED, CALLER, SID, phone_bench, until

ACK = (
    '<Gather numDigits="1" finishOnKey="" timeout="8" actionOnEmptyResult="true" action="ack">'
    "<Say>Press hash.</Say></Gather><Hangup/>"
)
CODE = (
    '<Gather input="dtmf speech" numDigits="6" timeout="10" actionOnEmptyResult="true" '
    'action="done"><Say>Six numbers.</Say></Gather><Hangup/>'
)
BYE = "<Say>Goodbye.</Say><Hangup/>"


async def test_an_answered_call_runs_from_the_hash_key_to_the_code_and_the_end() -> None:
    async with phone_bench(first=ACK, ack=CODE, done=BYE) as bench:
        sid = await bench.answered()
        line = bench.provider.calls[sid].line
        await until(lambda: line.prompt == "Press hash." and line.listening)
        line.press("#")
        await until(lambda: line.prompt == "Six numbers." and line.listening)
        for key in "482913":
            line.press(key)

        how = await bench.ended(sid)

        assert how == "completed"
        assert [each.get("Digits") for each in bench.bot.requests] == [None, "#", "482913"]
        assert line.prompt == "Goodbye."
        assert bench.provider.troubles == []


async def test_every_request_is_signed_and_names_its_call() -> None:
    async with phone_bench(first=BYE) as bench:
        sid = await bench.answered()
        await bench.ended(sid)

        request = bench.bot.requests[0]
        expected = sign(AUTH_TOKEN, f"{bench.bot_url}/voice/first", request.items())
        assert bench.bot.signatures == [expected]
        assert request["CallSid"] == sid
        assert request["AccountSid"] == SID
        assert (request["To"], request["From"]) == (CALLED, CALLER)
        assert (request["CallStatus"], request["Direction"]) == ("in-progress", "outbound-api")
        assert request["ToCity"] == ""


async def test_each_status_of_a_call_is_reported() -> None:
    async with phone_bench(first=BYE) as bench:
        sid = await bench.answered()
        await bench.ended(sid)
        await until(lambda: len(bench.bot.statuses) == 4)

        stages = bench.bot.statuses
        assert [(each["SequenceNumber"], each["CallStatus"]) for each in stages] == [
            ("0", "initiated"),
            ("1", "ringing"),
            ("2", "in-progress"),
            ("3", "completed"),
        ]
        assert stages[3]["Timestamp"] == "Mon, 23 Nov 2026 12:00:00 +0000"
        assert stages[3]["CallbackSource"] == "call-progress-events"
        assert stages[3]["SipResponseCode"] == "200"
        assert stages[3]["CallDuration"] == "0"


@pytest.mark.parametrize(("how", "sip"), [("busy", "486"), ("no-answer", "487")])
async def test_a_busy_or_declined_call_is_reported(how: str, sip: str) -> None:
    async with phone_bench() as bench:
        sid = await bench.ringing()
        bench.provider.calls[sid].line.refuse(how)

        ended = await bench.ended(sid)

        assert ended == how
        assert bench.bot.statuses[-1]["CallStatus"] == how
        assert bench.bot.statuses[-1]["SipResponseCode"] == sip
        assert bench.bot.requests == []


async def test_an_unanswered_phone_rings_until_the_timeout() -> None:
    async with phone_bench() as bench:
        sid = await bench.ringing(Timeout="2")

        assert await bench.ended(sid) == "no-answer"


async def test_hanging_up_ends_the_call() -> None:
    async with phone_bench(first=ACK) as bench:
        sid = await bench.answered()
        line = bench.provider.calls[sid].line
        await until(lambda: line.listening)
        line.hang_up()

        assert await bench.ended(sid) == "completed"
        assert len(bench.bot.requests) == 1


async def test_silence_is_reported_if_the_gather_asks_for_it() -> None:
    async with phone_bench(first=ACK, ack=BYE) as bench:
        sid = await bench.answered()
        await bench.ended(sid)

        assert bench.bot.requests[1]["Digits"] == ""


async def test_silence_continues_with_the_next_verb_otherwise() -> None:
    async with phone_bench(
        first='<Gather timeout="1"/><Redirect>ack</Redirect>', ack=BYE
    ) as bench:
        sid = await bench.answered()
        await bench.ended(sid)

        assert "Digits" not in bench.bot.requests[1]


async def test_speech_is_sent_with_confidence_and_empty_digits() -> None:
    async with phone_bench(first=CODE, done=BYE) as bench:
        sid = await bench.answered()
        line = bench.provider.calls[sid].line
        await until(lambda: line.listening)
        line.speak("One two three,  four five six.")
        await bench.ended(sid)

        request = bench.bot.requests[1]
        assert request["SpeechResult"] == "One two three, four five six."
        assert (request["Digits"], request["Confidence"]) == ("", "0.93")


async def test_the_finishing_key_ends_the_input_and_is_not_part_of_it() -> None:
    async with phone_bench(first=CODE, done=BYE) as bench:
        sid = await bench.answered()
        line = bench.provider.calls[sid].line
        await until(lambda: line.listening)
        for key in "12#":
            line.press(key)
        await bench.ended(sid)

        assert bench.bot.requests[1]["Digits"] == "12"


async def test_keys_pressed_early_do_not_reach_the_next_gather() -> None:
    async with phone_bench(first=ACK, ack=CODE, done=BYE) as bench:
        sid = await bench.answered()
        line = bench.provider.calls[sid].line
        await until(lambda: line.listening)
        for key in "#123456":
            line.press(key)
        await bench.ended(sid)

        assert [each.get("Digits") for each in bench.bot.requests] == [None, "#", ""]


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ("<Dial>1</Dial>", "Unknown verb <Dial>"),
        (lambda: web.Response(status=500), "HTTP retrieval failure: 500"),
        (lambda: web.json_response({}), "Invalid Content-Type: application/json"),
    ],
)
async def test_an_unplayable_call_fails_with_its_reason(answer: object, trouble: str) -> None:
    document = answer() if callable(answer) else answer
    assert isinstance(document, web.Response | str)
    async with phone_bench(first=document) as bench:
        sid = await bench.answered()

        assert await bench.ended(sid) == "failed"
        assert trouble in bench.provider.troubles[0]


async def test_the_fallback_url_is_used_if_the_first_one_fails() -> None:
    async with phone_bench(first=web.Response(status=500), second=BYE) as bench:
        sid = await bench.answered(FallbackUrl=f"{bench.bot_url}/voice/second")

        assert await bench.ended(sid) == "completed"
        assert bench.bot.requests[1]["ErrorCode"] == "11200"


async def test_a_call_ends_at_its_time_limit() -> None:
    async with phone_bench(first='<Pause length="600"/>') as bench:
        sid = await bench.answered(TimeLimit="2")

        assert await bench.ended(sid) == "completed"


async def test_keys_without_a_call_are_refused() -> None:
    async with phone_bench() as bench:
        sid = await bench.ringing()

        with pytest.raises(NotNowError, match="no call"):
            bench.provider.calls[sid].line.press("#")


@pytest.mark.parametrize(
    "verb",
    ["<Redirect>next</Redirect>", '<Gather actionOnEmptyResult="true" timeout="1"/>'],
)
async def test_a_relative_url_without_a_base_is_refused(verb: str) -> None:
    async with phone_bench() as bench:
        sid = await bench.answered(Url="", Twiml=f"<Response>{verb}</Response>")

        assert await bench.ended(sid) == "failed"
        assert "Invalid URL format" in bench.provider.troubles[0]
