"""Half an emoji and NUL at every door, on both databases: mended or refused, and nobody waits."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
import pytest_asyncio

from state.model.account import FreelancerId
from state.ports import UnitOfWork
from tests.support.chat import ADA, ANN, API_TOKEN, GROUP, Conversation, Scene
from tests.support.scenes import opened_scene

BEARER = {"Authorization": f"Bearer {API_TOKEN}", "Content-Type": "application/json"}
HALF = '"cut \\ud83d"'
NUL = '"a\\u0000b"'
QUESTION = "what is basic profile information"


@pytest_asyncio.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(
        database_url, folder=tmp_path, staff_chat_id=GROUP, send_rate_group=0
    ) as scene:
        yield scene


async def put(scene: Scene, more: str) -> int:
    as_of = scene.clock.now().isoformat()
    body = f'{{"id": "f-{ADA}", "as_of": "{as_of}", "plan": "basic", {more}}}'
    path = f"/api/v1/freelancers/f-{ADA}"
    answer = await scene.door.put(path, data=body, headers=BEARER)
    await scene.settle()
    return answer.status


@pytest.mark.parametrize("text", [HALF, NUL], ids=["half an emoji", "NUL"])
@pytest.mark.parametrize("field", ['"bio": {}', '"deep": [{{"x": {}}}]', '"deep": {{{}: 1}}'])
async def test_unstorable_text_in_an_unknown_field_is_replaced_and_exported(
    scene: Scene, ada: Conversation, field: str, text: str
) -> None:
    status = await put(scene, field.format(text))
    await ada.accept_link(f"f-{ADA}")
    await ada.say("/export")
    [answer] = await ada.say(QUESTION)

    assert status == HTTPStatus.OK
    assert "\ufffd" in json.dumps(ada.file["account"]["reading"], ensure_ascii=False)
    assert "basic profile" in answer.text


@pytest.mark.parametrize("field", ["display_name", "phone", "language"])
@pytest.mark.parametrize("text", [HALF, NUL], ids=["half an emoji", "NUL"])
async def test_unstorable_text_in_a_known_field_is_refused_by_name(
    scene: Scene, field: str, text: str
) -> None:
    assert await put(scene, f'"{field}": {text}') == HTTPStatus.UNPROCESSABLE_ENTITY


async def test_a_snapshot_stored_before_the_replacement_existed_is_exported(
    scene: Scene, ada: Conversation
) -> None:
    """The store keeps such halves as escapes, so old ones are still there."""
    await ada.link()
    database = scene.parts.desk.database

    async def spoil(unit: UnitOfWork) -> None:
        account = await unit.accounts.get(FreelancerId(f"f-{ADA}"))
        assert account is not None
        later = account.as_of + timedelta(seconds=1)
        await unit.accounts.put(replace(account, as_of=later, extra={"bio": "cut \ud83d"}))

    await database.transact(spoil)
    await ada.say("/export")
    [answer] = await ada.say(QUESTION)

    assert ada.file["account"]["reading"]["bio"] == "cut \ufffd"
    assert "basic profile" in answer.text


@pytest.mark.parametrize("odd", ["\ud83d", "\0", "\udcff\0"])
async def test_a_message_with_unstorable_text_is_answered(
    scene: Scene, ada: Conversation, odd: str
) -> None:
    [answer] = await ada.say(f"{QUESTION}{odd}")

    assert "basic profile" in answer.text


@pytest.mark.parametrize("odd", ["\ud83d", "\0"])
async def test_names_and_messages_with_unstorable_text_reach_staff(
    scene: Scene, ada: Conversation, odd: str
) -> None:
    ada.name = f"A{odd}da"
    [waiting] = await ada.say("/human")
    await ada.say(f"my screen says{odd} error")

    assert "The team has your request" in waiting.text
    assert scene.staff().last.text == "my screen says\ufffd error"
    assert scene.telegram.forum.names[scene.staff().thread or 0].startswith("A\ufffdda")


async def test_staff_messages_with_unstorable_text_are_delivered(
    scene: Scene, ada: Conversation
) -> None:
    await ada.say("/human")
    ann = scene.staff(ANN)
    await ann.say("hello\ud83d")
    await ann.say("/note a\0b")
    await ann.say("/ban \ud83d rude")

    assert "hello\ufffd" in ada.text
    assert "Note by Ann: a\ufffdb" in ann.text
    assert "\ufffd rude" in ada.last.text


async def test_an_inline_query_with_unstorable_text_is_answered(
    scene: Scene, ada: Conversation
) -> None:
    answered = await ada.ask_inline(f"{QUESTION}\ud83d")

    assert len(answered["results"]) > 0


@pytest.mark.parametrize(
    "path", ["/staff/freelancers/%s", "/api/v1/freelancers/%s", "/staff/sign-in/link/%s"]
)
async def test_a_path_of_raw_bytes_is_refused(scene: Scene, path: str) -> None:
    """Sent as it is: clients that know HTTP would escape it."""
    server = scene.door.server
    target = (path % "\xff").encode("latin-1")
    request = b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

    answer = await _exchange(str(server.host), int(server.port or 0), request)

    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400"))


@pytest.mark.parametrize("charset", ["no-such-charset", "utf-8"])
async def test_an_undecodable_form_is_refused(scene: Scene, charset: str) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    answer = await scene.door.post(
        "/hooks/twilio/status/x", data=b"CallSid=\xff", headers={"Content-Type": kind}
    )

    assert answer.status == HTTPStatus.BAD_REQUEST


async def _exchange(host: str, port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(request)
        await writer.drain()
        return await asyncio.wait_for(reader.read(), timeout=5)
    finally:
        writer.close()
