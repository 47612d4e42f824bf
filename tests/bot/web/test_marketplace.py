"""The marketplace's door: snapshots in, progress and links out, problems in one form."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientResponse
from yarl import URL

from tests.support.builders import a_snapshot
from tests.support.chat import ADA, Scene
from tests.support.fakes import START
from tests.support.scenes import opened_scene

ROOT = "/api/v1/freelancers"
TOKENS = ("first-token", "second-token")
RATE = 20
SIGNED_IN = {"Authorization": "Bearer second-token"}
JSON = {"Content-Type": "application/json"}


@pytest_asyncio.fixture
async def scene(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(
        sqlite_url, folder=tmp_path, api_tokens=",".join(TOKENS), api_rate=RATE
    ) as scene:
        yield scene


async def put(scene: Scene, body: Any, *, freelancer: str = "f-1001") -> ClientResponse:
    return await scene.door.put(f"{ROOT}/{freelancer}", json=body, headers=SIGNED_IN)


async def assert_problem(answer: ClientResponse, status: int, detail: str) -> None:
    body = await answer.json()
    assert answer.content_type == "application/problem+json"
    assert (answer.status, body["status"]) == (status, status)
    assert detail in body["detail"]
    assert set(body) == {"type", "title", "status", "detail"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer schlüssel"},
        {"Authorization": "Basic first-token"},
        {"Authorization": "first-token"},
        {"Authorization": "Bearer first-token,second-token"},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/f-1001"),
        ("GET", "/f-1001"),
        ("DELETE", "/f-1001"),
        ("GET", "/f-1001/progress"),
        ("POST", "/f-1001/link"),
    ],
)
async def test_a_request_without_a_token_is_refused(
    scene: Scene, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = await scene.door.request(method, ROOT + path, headers=headers)

    await assert_problem(answer, 401, "Send one of the API tokens")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("token", TOKENS)
async def test_each_configured_token_is_accepted(scene: Scene, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}

    answer = await scene.door.put(f"{ROOT}/f-1001", json=a_snapshot(ADA), headers=headers)

    assert answer.status == 200


async def test_a_newer_snapshot_is_applied_and_an_older_one_is_not(scene: Scene) -> None:
    newer = await put(scene, a_snapshot(ADA, completeness=75))
    same = await put(scene, a_snapshot(ADA, completeness=12))
    older = await put(scene, a_snapshot(ADA, START - timedelta(days=1), completeness=12))
    progress = await scene.door.get(f"{ROOT}/f-1001/progress", headers=SIGNED_IN)

    assert await newer.json() == {"id": "f-1001", "applied": True}
    assert await same.json() == {"id": "f-1001", "applied": False}
    assert await older.json() == {"id": "f-1001", "applied": False}
    body = await progress.json()
    assert (body["earned"], body["allowance"]) == (10, 40)


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"id": "f-9"}, "id: it differs from the id in the address."),
        ({"completeness": 101}, "completeness: "),
        ({"profile": {"photo": "yes"}}, "profile.photo: "),
        ({"plan": "gold"}, "plan: 'gold' is none of basic, individual"),
        ({"phone_verified": "yes"}, "phone_verified: "),
    ],
)
async def test_an_invalid_field_is_named_by_its_path(
    scene: Scene, changes: dict[str, Any], detail: str
) -> None:
    answer = await put(scene, a_snapshot(ADA, **changes))

    await assert_problem(answer, 422, detail)
    progress = await scene.door.get(f"{ROOT}/f-1001/progress", headers=SIGNED_IN)
    assert progress.status == 404


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
async def test_a_body_that_is_not_json_is_refused(scene: Scene, body: bytes) -> None:
    answer = await scene.door.put(f"{ROOT}/f-1001", data=body, headers=SIGNED_IN | JSON)

    await assert_problem(answer, 400, "The body is not JSON.")


async def test_a_body_of_another_content_type_is_refused_before_parsing(scene: Scene) -> None:
    form = {"id": "f-1001"}

    answer = await scene.door.put(f"{ROOT}/f-1001", data=form, headers=SIGNED_IN)

    await assert_problem(answer, 415, "Send the snapshot as application/json.")


async def test_a_body_without_content_type_is_read_as_json(scene: Scene) -> None:
    body = json.dumps(a_snapshot(ADA)).encode()

    answer = await scene.door.put(
        f"{ROOT}/f-1001", data=body, headers=SIGNED_IN, skip_auto_headers=["Content-Type"]
    )

    assert answer.status == 200


async def test_a_body_that_is_no_object_is_refused(scene: Scene) -> None:
    await assert_problem(await put(scene, []), 422, "")


async def test_a_body_over_a_megabyte_is_refused(scene: Scene) -> None:
    body = BytesIO(json.dumps(a_snapshot(ADA, display_name="x" * 1_100_000)).encode())

    answer = await scene.door.put(f"{ROOT}/f-1001", data=body, headers=SIGNED_IN | JSON)

    await assert_problem(answer, 413, "")


async def test_an_unknown_freelancer_is_not_found(scene: Scene) -> None:
    answer = await scene.door.get(f"{ROOT}/f-9/progress", headers=SIGNED_IN)

    await assert_problem(answer, 404, "No freelancer with this id is known.")


async def test_the_stored_snapshot_is_returned_as_it_was_sent(scene: Scene) -> None:
    sent = a_snapshot(ADA, badges=["rising", {"since": 2026}])
    await put(scene, sent)

    answer = await scene.door.get(f"{ROOT}/f-1001", headers=SIGNED_IN)

    untold = dict.fromkeys(("connects_balance", "language", "plan_allowance"))
    assert await answer.json() == untold | sent | {"as_of": "2026-11-23T12:00:00Z"}


async def test_a_freelancer_with_only_a_link_offer_has_no_snapshot(scene: Scene) -> None:
    await scene.door.post(f"{ROOT}/f-1001/link", headers=SIGNED_IN)

    answer = await scene.door.get(f"{ROOT}/f-1001", headers=SIGNED_IN)

    await assert_problem(answer, 404, "No snapshot with this id is held.")


async def test_deleting_a_freelancer_is_idempotent(scene: Scene) -> None:
    await put(scene, a_snapshot(ADA))

    answers = [await scene.door.delete(f"{ROOT}/f-1001", headers=SIGNED_IN) for _ in range(2)]

    assert [(answer.status, await answer.read()) for answer in answers] == [(204, b"")] * 2
    snapshot = await scene.door.get(f"{ROOT}/f-1001", headers=SIGNED_IN)
    progress = await scene.door.get(f"{ROOT}/f-1001/progress", headers=SIGNED_IN)
    assert (snapshot.status, progress.status) == (404, 404)


@pytest.mark.parametrize("impossible", ["%00", "a%20b", "a%0A", "x" * 129, "%2E", "%2E%2E"])
@pytest.mark.parametrize(
    ("method", "path"), [("PUT", ""), ("GET", ""), ("GET", "/progress"), ("POST", "/link")]
)
async def test_an_impossible_id_is_not_found(
    scene: Scene, method: str, path: str, impossible: str
) -> None:
    address = URL(f"{ROOT}/{impossible}{path}", encoded=True)

    answer = await scene.door.request(method, address, headers=SIGNED_IN)

    await assert_problem(answer, 404, "No freelancer can have this id.")


async def test_a_link_is_returned_with_its_code_and_expiry(scene: Scene) -> None:
    answer = await scene.door.post(f"{ROOT}/f-1001/link", headers=SIGNED_IN)

    body = await answer.json()
    assert answer.status == 201
    assert body["url"].startswith("https://t.me/test_desk_bot?start=")
    assert len(body["url"].partition("=")[2]) <= 64
    assert len(body["code"]) == 9
    assert body["expires_at"] == "2026-11-23T12:10:00Z"


async def test_an_unsupported_method_gets_the_allowed_ones(scene: Scene) -> None:
    answer = await scene.door.patch(f"{ROOT}/f-1001", headers=SIGNED_IN)

    await assert_problem(answer, 405, "")
    assert {"GET", "PUT"} <= set(answer.headers["Allow"].split(","))


async def test_each_token_has_a_rate_limit_of_its_own(scene: Scene) -> None:
    async def ask(token: str) -> ClientResponse:
        return await scene.door.get(f"{ROOT}/f-9", headers={"Authorization": f"Bearer {token}"})

    before = [(await ask(TOKENS[0])).status for _ in range(RATE)]
    refused, other = await ask(TOKENS[0]), await ask(TOKENS[1])
    scene.clock.forward(seconds=1)
    later = [(await ask(TOKENS[0])).status for _ in range(RATE + 1)]

    assert before == [404] * RATE
    await assert_problem(refused, 429, "This token asks too often")
    assert refused.headers["Retry-After"] == "1"
    assert other.status == 404
    assert later == [*before, 429]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/v2", 404), ("DELETE", f"{ROOT}/f-1001/progress", 405)],
)
async def test_unknown_paths_and_methods_return_problem_json(
    scene: Scene, method: str, path: str, status: int
) -> None:
    answer = await scene.door.request(method, path, headers=SIGNED_IN)

    await assert_problem(answer, status, "")
