"""Parses the arguments of a Bot API call from query, form, multipart or JSON body."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from bot.demo.telegram.answer import bad_request

TRUE = frozenset({"true", "1", "yes"})


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedFile:
    """A file uploaded with the call."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """Raw arguments, with a typed reader each; a reader raises ApiError 400 for a bad value."""

    values: Mapping[str, Any] = field(default_factory=dict)
    uploads: Mapping[str, UploadedFile] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The string; empty if missing."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def integer(self, name: str) -> int | None:
        raw = self.values.get(name)
        if raw in {None, ""}:
            return None
        try:
            return int(str(raw))
        except ValueError:
            raise bad_request(f'parameter "{name}" must be an integer') from None

    def flag(self, name: str) -> bool:
        return str(self.values.get(name, "")).lower() in TRUE

    def json(self, name: str) -> Any:
        """An object or array: JSON text in a form, or a value of a JSON body."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def upload(self, name: str) -> UploadedFile | None:
        """The file of this argument, sent directly or by `attach://`."""
        reference = self.text(name)
        return self.uploads.get(reference.removeprefix("attach://") if reference else name)


async def read_arguments(request: web.Request) -> Arguments:
    values: dict[str, Any] = dict(request.query)
    uploads: dict[str, UploadedFile] = {}
    if request.content_type == "application/json":
        values.update(await _json_body(request))
        return Arguments(values=values)
    for name, value in (await request.post()).items():
        if isinstance(value, FileField):
            uploads[name] = UploadedFile(
                name=value.filename, content_type=value.content_type, content=value.file.read()
            )
        else:
            values[name] = value
    return Arguments(values=values, uploads=uploads)


async def _json_body(request: web.Request) -> dict[str, Any]:
    raw = await request.read()
    try:
        body = json.loads(raw) if raw else {}
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise bad_request("can't parse JSON object")
    return body
