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

from tests.builders import a_snapshot
from tests.chat import ADA, Scene
from tests.fakes import START
from tests.stage import opened_scene

ROOT = "/api/v1/freelancers"
TOKENS = ("first-token", "second-token")
SIGNED_IN = {"Authorization": "Bearer second-token"}


@pytest_asyncio.fixture
async def scene(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(sqlite_url, folder=tmp_path, api_tokens=",".join(TOKENS)) as scene:
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
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/f-1001"), ("GET", "/f-1001/progress"), ("POST", "/f-1001/link")],
)
async def test_without_a_token_nobody_gets_in(
    scene: Scene, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = await scene.door.request(method, ROOT + path, headers=headers)

    await assert_problem(answer, 401, "Send one of the API tokens")


@pytest.mark.parametrize("token", TOKENS)
async def test_any_of_the_tokens_gets_in(scene: Scene, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}

    answer = await scene.door.put(f"{ROOT}/f-1001", json=a_snapshot(ADA), headers=headers)

    assert answer.status == 200


async def test_a_snapshot_is_applied_and_an_older_one_is_not(scene: Scene) -> None:
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
async def test_a_bad_field_is_named_by_its_path(
    scene: Scene, changes: dict[str, Any], detail: str
) -> None:
    answer = await put(scene, a_snapshot(ADA, **changes))

    await assert_problem(answer, 422, detail)
    progress = await scene.door.get(f"{ROOT}/f-1001/progress", headers=SIGNED_IN)
    assert progress.status == 404


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
async def test_a_body_that_is_not_json_is_refused(scene: Scene, body: bytes) -> None:
    answer = await scene.door.put(f"{ROOT}/f-1001", data=body, headers=SIGNED_IN)

    await assert_problem(answer, 400, "The body is not JSON.")


async def test_a_body_that_is_no_object_is_refused(scene: Scene) -> None:
    await assert_problem(await put(scene, []), 422, "")


async def test_a_body_over_a_megabyte_is_refused(scene: Scene) -> None:
    body = BytesIO(json.dumps(a_snapshot(ADA, display_name="x" * 1_100_000)).encode())

    answer = await scene.door.put(f"{ROOT}/f-1001", data=body, headers=SIGNED_IN)

    await assert_problem(answer, 413, "")


async def test_nobody_is_known_who_was_never_heard_of(scene: Scene) -> None:
    answer = await scene.door.get(f"{ROOT}/f-9/progress", headers=SIGNED_IN)

    await assert_problem(answer, 404, "No freelancer with this id is known.")


async def test_a_link_is_offered_with_its_code_and_end(scene: Scene) -> None:
    answer = await scene.door.post(f"{ROOT}/f-1001/link", headers=SIGNED_IN)

    body = await answer.json()
    assert answer.status == 201
    assert body["url"].startswith("https://t.me/test_desk_bot?start=")
    assert len(body["url"].partition("=")[2]) <= 64
    assert len(body["code"]) == 9
    assert body["expires_at"] == "2026-11-23T12:10:00Z"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/v2", 404), ("DELETE", f"{ROOT}/f-1001", 405)],
)
async def test_other_addresses_and_methods_are_problems_too(
    scene: Scene, method: str, path: str, status: int
) -> None:
    answer = await scene.door.request(method, path, headers=SIGNED_IN)

    await assert_problem(answer, status, "")
