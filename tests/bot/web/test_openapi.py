"""The OpenAPI document: it names every route, and the running application keeps to it."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.web.openapi import PATH
from tests.support.chat import API_TOKEN, Scene
from tests.support.scenes import opened_scene

HOOKS = Path(__file__).with_name("hooks.py")
UNBOUNDED = 1_000_000


async def _described(scene: Scene) -> dict[str, Any]:
    """The document, as anybody may have it."""
    answer = await scene.door.get(PATH)
    described: dict[str, Any] = await answer.json()
    return described


async def test_every_api_route_is_described(sqlite_url: str, tmp_path: Path) -> None:
    async with opened_scene(sqlite_url, folder=tmp_path) as scene:
        described = (await _described(scene))["paths"]
        app = scene.door.app
    assert isinstance(app, web.Application)
    served = {
        (route.resource.canonical, route.method.lower())
        for route in app.router.routes()
        if route.resource is not None and route.resource.canonical.startswith("/api/")
    }

    assert {(path, method) for path, its in described.items() for method in its} - {
        (path, "parameters") for path in described
    } == {each for each in served if each[1] != "head"} - {(PATH, "get")}


@pytest.mark.timeout(300)
async def test_the_running_application_conforms_to_its_schema(
    database_url: str, tmp_path: Path
) -> None:
    async with opened_scene(database_url, folder=tmp_path, api_rate=UNBOUNDED) as scene:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "schemathesis.cli", "run", str(scene.door.make_url(PATH))),
            *("--header", f"Authorization: Bearer {API_TOKEN}"),
            *("--phases", "examples,coverage,fuzzing", "--max-examples", "25"),
            *("--generation-deterministic", "--no-color"),
            cwd=tmp_path,
            env={"SCHEMATHESIS_HOOKS": HOOKS.stem, "PYTHONPATH": str(HOOKS.parent)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()

    assert process.returncode == 0, said.decode()
