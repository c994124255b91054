"""A GitHub on the loopback interface: the comments of a pull request, in pages, and branches with files."""

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

BOT = "github-actions[bot]"
TOKEN = "ghs_" + "x" * 36
_ALL = re.compile(r"/repos/acme/shop/issues/(\d+)/comments")
_ONE = re.compile(r"/repos/acme/shop/issues/comments/(\d+)")
_OBJECTS = re.compile(r"/repos/acme/shop/git/(blobs|trees|commits|refs)")
_TREE = re.compile(r"/repos/acme/shop/git/trees/([\w-]+)")
_MATCHING = re.compile(r"/repos/acme/shop/git/matching-refs/heads/([\w-]+)")
_PULL = re.compile(r"/repos/acme/shop/pulls/(\d+)")
_BRANCH = re.compile(r"/repos/acme/shop/git/refs/heads/([\w-]+)")


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
    refuses_contents: int = 0
    """The status of everything about files; 0 when the token may write them."""
    objects: dict[str, Any] = field(default_factory=dict)
    """Blobs, trees and commits by their hashes."""
    branches: dict[str, str] = field(default_factory=dict)
    """The commits of branches."""
    closed: dict[int, str] = field(default_factory=dict)
    """When pull requests were closed, by their numbers."""

    def files(self, branch: str) -> dict[str, bytes]:
        """The files of a branch, whose commit has no parent."""
        commit = self.objects[self.branches[branch]]
        assert commit["parents"] == []
        tree = self.objects[commit["tree"]]["tree"]
        return {entry["path"]: b64decode(self.objects[entry["sha"]]["content"]) for entry in tree}

    def add(self, body: str, author: str = BOT) -> None:
        """Somebody comments."""
        number = max((comment["id"] for comment in self.comments), default=0) + 1
        self.comments.append({"id": number, "body": body, "user": {"login": author}})

    @property
    def bodies(self) -> list[str]:
        """The texts of all comments."""
        return [comment["body"] for comment in self.comments]

    @property
    def comment_writes(self) -> list[str]:
        """The methods of the requests that change comments."""
        return [method for method, path in self.requests if method != "GET" and "/git/" not in path]


class _Handler(BaseHTTPRequestHandler):
    github: FakeGithub

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:  # the name that the base class calls
        parts = urlsplit(self.path)
        match = self._begins("GET", (_ALL, _TREE, _MATCHING, _PULL), parts.path)
        if match is None:
            return
        if match.re is _MATCHING:
            names = [name for name in self.github.branches if name.startswith(match[1])]
            self._answer(200, [{"ref": f"refs/heads/{name}"} for name in names])
            return
        if match.re is _PULL:
            self._answer(200, {"closed_at": self.github.closed.get(int(match[1]))})
            return
        if match.re is _TREE:
            self._tree(match[1])
            return
        query = {name: int(values[0]) for name, values in parse_qs(parts.query).items()}
        size, page = min(query.get("per_page", 30), self.github.page_size), query.get("page", 1)
        shown = self.github.comments[(page - 1) * size : page * size]
        link = {}
        if page * size < len(self.github.comments):
            address = f"{self.github.url}{parts.path}?per_page={size}&page={page + 1}"
            link = {"Link": f'<{address}>; rel="next", <x>; rel="last"'}
        self._answer(200, shown, link)

    def _tree(self, branch: str) -> None:
        commit = self.github.branches.get(branch)
        if commit is None:
            self._answer(404, {"message": "Not Found"})
        else:
            self._answer(200, self.github.objects[self.github.objects[commit]["tree"]])

    def do_POST(self) -> None:
        match = self._begins("POST", (_ALL, _OBJECTS), self.path)
        if match is None:
            return
        if match.re is _ALL:
            self.github.add(self._body())
            self._answer(201, self.github.comments[-1])
            return
        content = self._json()
        if match[1] == "refs":
            self.github.branches[content["ref"].removeprefix("refs/heads/")] = content["sha"]
            self._answer(201, content)
            return
        sha = sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        self.github.objects[sha] = content
        self._answer(201, {**content, "sha": sha})

    def do_PATCH(self) -> None:
        match = self._begins("PATCH", (_ONE, _BRANCH), self.path)
        if match is None:
            return
        if match.re is _BRANCH:
            if match[1] not in self.github.branches:
                self._answer(422, {"message": "Reference does not exist"})
                return
            self.github.branches[match[1]] = self._json()["sha"]
            self._answer(200, {})
            return
        (comment,) = [one for one in self.github.comments if one["id"] == int(match[1])]
        comment["body"] = self._body()
        self._answer(200, comment)

    def do_DELETE(self) -> None:
        match = self._begins("DELETE", (_ONE, _BRANCH), self.path)
        if match is None:
            return
        if match.re is _BRANCH:
            gone = self.github.branches.pop(match[1], None)
            self._answer(204 if gone else 422, None if gone else {"message": "Reference does not exist"})
            return
        self.github.comments[:] = [one for one in self.github.comments if one["id"] != int(match[1])]
        self._answer(204, None)

    def _begins(self, method: str, patterns: tuple[re.Pattern[str], ...], path: str) -> re.Match[str] | None:
        """Note the request and answer it if it is refused; the parts of its address otherwise."""
        self.github.requests.append((method, self.path))
        match = next((match for one in patterns if (match := one.fullmatch(path))), None)
        if self.github.failures:
            self.github.failures -= 1
            self._answer(502, {"message": "bad gateway"})
        elif self.github.redirect:
            self._answer(301, {}, {"Location": self.github.redirect})
        elif self.github.refuses_contents and "/git/" in path:
            self._answer(self.github.refuses_contents, {"message": "Resource not accessible by integration"})
        elif method in self.github.refuses:
            self._answer(self.github.refuses[method], {"message": "Resource not accessible by integration"})
        elif match is None or self.headers["Authorization"] != f"Bearer {TOKEN}":
            self._answer(404 if match is None else 401, {"message": "no"})
        else:
            return match
        return None

    def _body(self) -> str:
        content = self._json()
        # GitHub's limit for comments.
        assert 0 < len(content["body"]) <= 65_536
        return str(content["body"])

    def _json(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        return content

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
