"""A GitHub on the loopback interface: the comments of a pull request, in pages."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

BOT = "github-actions[bot]"
TOKEN = "ghs_" + "x" * 36
_ALL = re.compile(r"/repos/acme/shop/issues/(\d+)/comments")
_ONE = re.compile(r"/repos/acme/shop/issues/comments/(\d+)")


@dataclass
class FakeGithub:
    """What is in it, and what was asked of it."""

    url: str = ""
    comments: list[dict[str, Any]] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)
    refuses: dict[str, int] = field(default_factory=dict)
    """The status that a method gets instead of an answer."""
    failures: int = 0
    """So many requests fail with 502 before others are answered."""
    page_size: int = 100
    redirect: str = ""
    next_host: str = ""

    def add(self, body: str, author: str = BOT) -> None:
        """Somebody comments."""
        number = max((comment["id"] for comment in self.comments), default=0) + 1
        self.comments.append({"id": number, "body": body, "user": {"login": author}})

    @property
    def bodies(self) -> list[str]:
        """The texts of all comments."""
        return [comment["body"] for comment in self.comments]

    @property
    def writes(self) -> list[str]:
        """The methods of the requests that change something."""
        return [method for method, _ in self.requests if method != "GET"]


class _Handler(BaseHTTPRequestHandler):
    github: FakeGithub

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:  # the name that the base class calls
        parts = urlsplit(self.path)
        if not self._begins("GET", _ALL, parts.path):
            return
        query = {name: int(values[0]) for name, values in parse_qs(parts.query).items()}
        size, page = min(query.get("per_page", 30), self.github.page_size), query.get("page", 1)
        shown = self.github.comments[(page - 1) * size : page * size]
        link = {}
        if page * size < len(self.github.comments):
            host = self.github.next_host or self.github.url
            link = {
                "Link": f'<{host}{parts.path}?per_page={size}&page={page + 1}>; rel="next", <x>; rel="last"'
            }
        self._answer(200, shown, link)

    def do_POST(self) -> None:
        if self._begins("POST", _ALL, self.path):
            self.github.add(self._body())
            self._answer(201, self.github.comments[-1])

    def do_PATCH(self) -> None:
        if match := self._begins("PATCH", _ONE, self.path):
            (comment,) = [one for one in self.github.comments if one["id"] == int(match[1])]
            comment["body"] = self._body()
            self._answer(200, comment)

    def do_DELETE(self) -> None:
        if match := self._begins("DELETE", _ONE, self.path):
            self.github.comments[:] = [one for one in self.github.comments if one["id"] != int(match[1])]
            self._answer(204, None)

    def _begins(self, method: str, pattern: re.Pattern[str], path: str) -> re.Match[str] | None:
        """Note the request and answer it if it is refused; the parts of its address otherwise."""
        self.github.requests.append((method, self.path))
        match = pattern.fullmatch(path)
        if self.github.failures:
            self.github.failures -= 1
            self._answer(502, {"message": "bad gateway"})
        elif self.github.redirect:
            self._answer(301, {}, {"Location": self.github.redirect})
        elif method in self.github.refuses:
            self._answer(self.github.refuses[method], {"message": "Resource not accessible by integration"})
        elif match is None or self.headers["Authorization"] != f"Bearer {TOKEN}":
            self._answer(404 if match is None else 401, {"message": "no"})
        else:
            return match
        return None

    def _body(self) -> str:
        content: dict[str, str] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        # GitHub's limit for comments.
        assert 0 < len(content["body"]) <= 65_536
        return content["body"]

    def _answer(self, status: int, content: object, headers: dict[str, str] | None = None) -> None:
        data = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def running_github() -> Iterator[FakeGithub]:
    """Serve a GitHub until the block ends."""
    github = FakeGithub()
    handler = type("Handler", (_Handler,), {"github": github})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        github.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield github
        finally:
            server.shutdown()
            thread.join()
