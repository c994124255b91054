"""A GitLab on the loopback interface: the notes of a merge request, and the uploads of its project."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

TOKEN = "glpat-" + "x" * 20
ME = 42
_NOTES = re.compile(r"/api/v4/projects/5/merge_requests/3/notes(?:/(\d+))?")
_UPLOADS = re.compile(r"/api/v4/projects/5/uploads(?:/(\d+))?")
_FILE = re.compile(rb'filename="([^"]+)"\r\nContent-Type: [^\r]+\r\n\r\n(.*)\r\n--[0-9a-f]+--\r\n', re.DOTALL)


@dataclass
class FakeGitlab:
    """What is in it."""

    url: str = ""
    notes: list[dict[str, Any]] = field(default_factory=list)
    uploads: list[dict[str, Any]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    is_maintainer: bool = True
    may_write: bool = True
    may_upload: bool = True

    def add(self, body: str, author: int = ME) -> None:
        """Somebody writes a note."""
        number = max((note["id"] for note in self.notes), default=0) + 1
        self.notes.append({"id": number, "body": body, "author": {"id": author}, "system": False})

    @property
    def bodies(self) -> list[str]:
        """The texts of all notes."""
        return [note["body"] for note in self.notes]


class _Handler(BaseHTTPRequestHandler):
    gitlab: FakeGitlab

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def answer_request(self) -> None:
        gitlab, path = self.gitlab, urlsplit(self.path).path
        gitlab.requests.append(f"{self.command} {path}")
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self._answer(401, {"message": "401 Unauthorized"})
        elif path == "/api/v4/user":
            self._answer(200, {"id": ME})
        elif match := _NOTES.fullmatch(path):
            self._note(match[1], data)
        elif match := _UPLOADS.fullmatch(path):
            self._upload(match[1], data)
        else:
            self._answer(404, {"message": "404 Not Found"})

    def _note(self, number: str | None, data: bytes) -> None:
        gitlab = self.gitlab
        if self.command == "GET":
            # The newest come first.
            self._answer(200, gitlab.notes[::-1])
            return
        if not gitlab.may_write:
            self._answer(403, {"message": "403 Forbidden"})
            return
        if self.command == "POST":
            gitlab.add(json.loads(data)["body"])
            self._answer(201, gitlab.notes[-1])
        elif self.command == "PUT":
            (note,) = [one for one in gitlab.notes if str(one["id"]) == number]
            note["body"] = json.loads(data)["body"]
            self._answer(200, note)
        else:
            gitlab.notes[:] = [one for one in gitlab.notes if str(one["id"]) != number]
            self._answer(204, None)

    def _upload(self, number: str | None, data: bytes) -> None:
        gitlab = self.gitlab
        if self.command == "POST":
            match = _FILE.search(data)
            assert match is not None
            if not gitlab.may_upload:
                self._answer(403, {"message": "403 Forbidden"})
                return
            name, secret = match[1].decode(), f"{len(gitlab.requests):032x}"
            upload = {"id": len(gitlab.requests), "filename": name, "secret": secret, "content": match[2]}
            gitlab.uploads.append(upload)
            self._answer(201, {"url": f"/uploads/{secret}/{name}"})
        elif not gitlab.is_maintainer:
            self._answer(403, {"message": "403 Forbidden"})
        elif self.command == "GET":
            self._answer(
                200, [{key: one[key] for key in ("id", "filename", "secret")} for one in gitlab.uploads]
            )
        else:
            gitlab.uploads[:] = [one for one in gitlab.uploads if str(one["id"]) != number]
            self._answer(204, None)

    def _answer(self, status: int, content: object) -> None:
        data = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def running_gitlab() -> Iterator[FakeGitlab]:
    """Serve a GitLab until the block ends."""
    gitlab = FakeGitlab()
    methods = {f"do_{method}": _Handler.answer_request for method in ("GET", "POST", "PUT", "DELETE")}
    handler = type("Handler", (_Handler,), {"gitlab": gitlab, **methods})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        gitlab.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield gitlab
        finally:
            server.shutdown()
            thread.join()
