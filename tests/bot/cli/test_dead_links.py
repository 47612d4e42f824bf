"""`helpdesk check --links` on a server that has some pages and lacks others."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer

from bot.cli.dead_links import dead_links
from tests.support.libraries import TEA, folder


@pytest_asyncio.fixture
async def site() -> AsyncIterator[BaseTestServer]:
    async def page(request: web.Request) -> web.Response:
        return web.Response(status=int(request.match_info["status"]))

    app = web.Application()
    app.router.add_get("/{status}", page)
    async with TestServer(app) as server:
        yield server


async def test_a_dead_link_is_reported_with_file_and_line(
    site: BaseTestServer, tmp_path: Path
) -> None:
    here = f"http://127.0.0.1:{site.port}"
    links = f"[a]({here}/200) [b]({here}/404) [c]({here}/403) [d]({here}/410)"
    tea = TEA.replace("*again*", links).replace("https://example.com/tea", f"{here}/404")

    found = await dead_links(folder(tmp_path, {"green-tea.md": tea}))

    path = tmp_path / "en" / "green-tea.md"
    assert found == [
        f"{path}:19: link: {here}/404 answers 404",
        f"{path}:27: link: {here}/404 answers 404",
        f"{path}:27: link: {here}/410 answers 410",
    ]


async def test_a_link_to_an_unknown_host_is_reported(unused_tcp_port: int, tmp_path: Path) -> None:
    tea = TEA.replace("https://example.com/tea", f"http://127.0.0.1:{unused_tcp_port}/tea")

    [found] = await dead_links(folder(tmp_path, {"green-tea.md": tea}))

    assert "can't be reached" in found
