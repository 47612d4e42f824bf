"""What the pages load, all of it from here: each file under an address that names its content."""

import hashlib
from importlib import resources
from pathlib import PurePosixPath

from aiohttp import web

KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOREVER = "public, max-age=31536000, immutable"


class Assets:
    def __init__(self) -> None:
        folder = resources.files("bot.web.staff").joinpath("static")
        self._files = {
            file.name: file.read_bytes()
            for file in folder.iterdir()
            if PurePosixPath(file.name).suffix in KINDS
        }
        self._hashes = {
            name: hashlib.sha256(content).hexdigest()[:16] for name, content in self._files.items()
        }

    def address(self, name: str) -> str:
        return f"/staff/assets/{self._hashes[name]}/{name}"

    async def give(self, request: web.Request) -> web.StreamResponse:
        """An address of an earlier version is gone, so that no cache mixes two of them."""
        name = request.match_info["name"]
        if self._hashes.get(name) != request.match_info["hash"]:
            raise web.HTTPNotFound
        return web.Response(
            body=self._files[name],
            content_type=KINDS[PurePosixPath(name).suffix],
            charset="utf-8",
            headers={"Cache-Control": FOREVER, "X-Content-Type-Options": "nosniff"},
        )
