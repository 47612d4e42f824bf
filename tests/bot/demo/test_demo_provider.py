from typing import Any

import pytest
from aiohttp import FormData

from tests.bot.demo.bench import AUTH_TOKEN, CALLED, CALLER, SID, basic, phone_bench, until

HANG_UP = "<Hangup/>"


async def test_an_accepted_order_returns_the_queued_call() -> None:
    async with phone_bench(first=HANG_UP) as bench:
        call = await bench.place()

        assert call["sid"].startswith("CA")
        assert len(call["sid"]) == 34
        assert (call["status"], call["to"], call["from"]) == ("queued", CALLED, CALLER)
        assert call["date_created"] == "Mon, 23 Nov 2026 12:00:00 +0000"
        assert call["direction"] == "outbound-api"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"To": ""}, 21201),
        ({"To": "020 7183 8750"}, 21211),
        ({"From": ""}, 21213),
        ({"From": "+12025550111"}, 21210),
        ({"Url": "/voice/first"}, 21205),
        ({"Url": "bot.example/voice"}, 21205),
        ({"Url": "https://my_bot.example/voice"}, 21205),
        ({"Url": ""}, 21205),
        ({"StatusCallback": "/status"}, 21609),
        ({"StatusCallbackEvent": "initiated,ringing"}, 21626),
        ({"Method": "PUT"}, 21403),
        ({"Timeout": "601"}, 20001),
        ({"Colour": "red"}, 20001),
        ({"To": "+12025550199"}, 21215),
    ],
)
async def test_an_invalid_order_is_refused_with_the_providers_error_code(
    changes: dict[str, str], code: int
) -> None:
    async with phone_bench() as bench:
        status, body = await bench.post(bench.calls_url, bench.order(**changes))

        assert (status, body["code"], body["status"]) == (400, code, 400)
        assert body["more_info"] == f"https://www.twilio.com/docs/errors/{code}"
        assert bench.provider.calls == {}


async def test_parameters_in_a_json_body_are_ignored() -> None:
    async with phone_bench() as bench:
        posted = bench.http.post(bench.calls_url, json=bench.order(), headers=basic())
        async with posted as answer:
            body = await answer.json()

        assert (answer.status, body["code"]) == (400, 21201)


@pytest.mark.parametrize("login", [f"{SID}:wrong", f"AC0:{AUTH_TOKEN}", ":"])
async def test_a_request_with_wrong_credentials_is_refused(login: str) -> None:
    async with phone_bench() as bench:
        status, body = await bench.post(bench.calls_url, bench.order(), login=login)

        assert (status, body["code"]) == (401, 20003)


async def test_another_account_is_not_found() -> None:
    async with phone_bench() as bench:
        url = bench.calls_url.replace(SID, "AC" + "9" * 32)
        status, body = await bench.post(url, bench.order())

        assert (status, body["code"]) == (404, 20404)


async def test_a_call_can_be_read_and_ended_by_its_sid() -> None:
    async with phone_bench(first='<Pause length="100"/>') as bench:
        sid = await bench.answered()
        url = bench.calls_url.replace(".json", f"/{sid}.json")
        await until(lambda: bench.provider.calls[sid].status == "in-progress")

        shown = await read(bench.http, url)
        status, _ = await bench.post(url, {"Status": "completed"})

        assert (shown["status"], status) == ("in-progress", 200)
        assert await bench.ended(sid) == "completed"


async def test_a_ringing_call_can_be_cancelled() -> None:
    async with phone_bench() as bench:
        sid = await bench.ringing()
        url = bench.calls_url.replace(".json", f"/{sid}.json")

        await bench.post(url, {"Status": "canceled"})

        assert await bench.ended(sid) == "canceled"


async def test_a_finished_call_cannot_be_changed() -> None:
    async with phone_bench(first=HANG_UP) as bench:
        sid = await bench.answered()
        await bench.ended(sid)
        url = bench.calls_url.replace(".json", f"/{sid}.json")

        status, body = await bench.post(url, {"Status": "completed"})

        assert (status, body["code"]) == (400, 21220)


async def test_a_second_call_to_the_same_phone_is_busy() -> None:
    async with phone_bench() as bench:
        await bench.ringing()
        second = await bench.place()

        await until(lambda: not bench.provider.calls[second["sid"]].active)

        assert bench.provider.calls[second["sid"]].status == "busy"


async def test_status_events_are_given_as_repeated_parameters() -> None:
    async with phone_bench(first=HANG_UP) as bench:
        form = FormData(list(bench.order().items()))
        form.add_field("StatusCallbackEvent", "ringing")
        form.add_field("StatusCallbackEvent", "completed")
        _, call = await bench.post(bench.calls_url, form)
        await until(lambda: bench.provider.calls[call["sid"]].status == "ringing")
        bench.provider.calls[call["sid"]].line.answer()

        await bench.ended(call["sid"])

        assert [each["CallStatus"] for each in bench.bot.statuses] == ["ringing", "completed"]


async def read(http: Any, url: str) -> Any:
    async with http.get(url, headers=basic()) as answer:
        return await answer.json()
