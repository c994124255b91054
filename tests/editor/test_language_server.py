"""The language server over stdin and stdout, as an editor talks to it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.lint.example_project import example_project

SPEC = """\
kind: Dashboard
title: Example 🚀
panels:
  - title: 🚀 Errors
    query: sum(rate(http_requests_total{code=~"500"}[5m]))
"""


class Editor:
    """The side of an editor: requests with their answers, and the notifications that came meanwhile."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process
        self.number = 0
        self.notifications: list[dict[str, Any]] = []

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def receive(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        length = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        message: dict[str, Any] = json.loads(self.process.stdout.read(length))
        return message

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        while (message := self.receive()).get("id") != self.number or "method" in message:
            self.notifications.append(message)
        assert "error" not in message, message
        return message["result"]

    def tell(self, method: str, params: dict[str, Any]) -> None:
        self.send({"method": method, "params": params})

    def diagnostics(self) -> list[dict[str, Any]]:
        while (message := self.receive()).get("method") != "textDocument/publishDiagnostics":
            pass
        found: list[dict[str, Any]] = message["params"]["diagnostics"]
        return found


@contextmanager
def editor(root: Path) -> Iterator[Editor]:
    with subprocess.Popen(
        [sys.executable, "-m", "dashgen", "lsp"], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        side = Editor(process)
        try:
            side.ask("initialize", {"processId": None, "rootUri": root.as_uri(), "capabilities": {}})
            side.tell("initialized", {})
            yield side
            side.ask("shutdown", {})
            side.tell("exit", {})
            assert process.wait() == 0
        finally:
            process.kill()


def test_an_editor_gets_findings_fixes_help_and_completions(tmp_path: Path) -> None:
    root = example_project(tmp_path, SPEC, "lint: {select: [query/needless-regex]}\n")
    uri = (root / "specs" / "example.yaml").as_uri()
    document = {"uri": uri}
    with editor(root) as side:
        opened = {"uri": uri, "languageId": "yaml", "version": 1, "text": SPEC}
        side.tell("textDocument/didOpen", {"textDocument": opened})
        (finding,) = [one for one in side.diagnostics() if one["code"] == "query/needless-regex"]
        assert finding["range"]["start"] == {"line": 4, "character": 44}
        actions = side.ask(
            "textDocument/codeAction",
            {"textDocument": document, "range": finding["range"], "context": {"diagnostics": []}},
        )
        (edit,) = next(one for one in actions if "=" in one["title"])["edit"]["changes"][uri]
        assert edit["newText"] == ""
        place = {"textDocument": document, "position": {"line": 4, "character": 25}}
        assert "Requests that were answered." in side.ask("textDocument/hover", place)["contents"]["value"]
        assert side.ask("textDocument/definition", place)["uri"].endswith("specs/shared.yaml")
        text = SPEC.replace("http_requests_total{code", "http_requests_total{co")
        change = {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": text}]}
        side.tell("textDocument/didChange", change)
        side.diagnostics()
        completed = side.ask(
            "textDocument/completion", {"textDocument": document, "position": {"line": 4, "character": 42}}
        )
        assert [one["label"] for one in completed] == ["code"]
        assert completed[0]["textEdit"]["range"]["start"]["character"] == 40
        title = {"textDocument": document, "position": {"line": 3, "character": 20}}
        assert "becomes a" in side.ask("textDocument/hover", title)["contents"]["value"]


def test_a_text_that_does_not_parse_is_a_finding_and_no_end(tmp_path: Path) -> None:
    root = example_project(tmp_path, SPEC)
    uri = (root / "specs" / "example.yaml").as_uri()
    with editor(root) as side:
        opened = {"uri": uri, "languageId": "yaml", "version": 1, "text": "kind: [\n"}
        side.tell("textDocument/didOpen", {"textDocument": opened})
        assert [one["code"] for one in side.diagnostics()] == ["yaml/syntax"]
        place = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 3}}
        assert side.ask("textDocument/hover", place) is None
        change = {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": SPEC}]}
        side.tell("textDocument/didChange", change)
        assert "yaml/syntax" not in [one["code"] for one in side.diagnostics()]
