"""Runs `helpdesk …` in this process, as `python -m bot` would, in a folder of its own."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from bot.__main__ import main

TOKEN = "7000000001:AAFsecretsecretsecretsecretsecret"
PEPPERS = "k1:" + "ab" * 16
ADA = {
    "id": "f-1001",
    "as_of": "2026-11-23T09:30:00Z",
    "display_name": "Ada",
    "plan": "basic",
    "profile": {"photo": True, "email_verified": False},
    "completeness": 72.0,
    "phone": "+447911123456",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def complaints(self) -> list[str]:
        return self.err.splitlines()

    @property
    def data(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    folder: Path
    capture: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def run(self, *arguments: str, **settings: str) -> Outcome:
        """Settings by the name of their variable without the prefix, in small letters."""
        with self.monkeypatch.context() as environment:
            environment.chdir(self.folder)
            for name, value in settings.items():
                environment.setenv(f"HELPDESK_{name.upper()}", value)
            self.capture.readouterr()
            with pytest.raises(SystemExit) as end:
                main(arguments)
        said = self.capture.readouterr()
        return Outcome(code=int(str(end.value.code)), out=said.out, err=said.err)

    def file(self, name: str, content: str | bytes) -> str:
        data = content.encode() if isinstance(content, str) else content
        (self.folder / name).write_bytes(data)
        return name

    def snapshots(self, *rows: dict[str, Any], name: str = "accounts.ndjson") -> str:
        return self.file(name, "".join(json.dumps(row) + "\n" for row in rows))

    def kept(self, name: str = "helpdesk.db") -> list[str]:
        """Everything in the database, as the statements that would make it anew."""
        with closing(sqlite3.connect(self.folder / name)) as database:
            return list(database.iterdump())

    def names(self) -> list[str]:
        """Ids of the freelancers that are known."""
        with closing(sqlite3.connect(self.folder / "helpdesk.db")) as database:
            return [
                row[0] for row in database.execute("SELECT freelancer_id FROM account ORDER BY 1")
            ]


@contextmanager
def telegram(answer: dict[str, Any]) -> Iterator[str]:
    """A Bot API, or another service, with one answer to everything; the value is its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def do_GET(self) -> None:
            body = json.dumps(answer).encode()
            self.send_response(200 if answer["ok"] else int(answer["error_code"]))
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


ME = {"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "D", "username": "DeskBot"}}
REFUSED = {"ok": False, "error_code": 401, "description": "Unauthorized"}
