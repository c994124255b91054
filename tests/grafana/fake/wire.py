"""Requests as they came over the wire, and answers before they go."""

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_READS = {"GET", "HEAD", "OPTIONS"}
_ASKS = ("/api/ds/query",)


@dataclass
class Call:
    """One request; ``path`` is without the prefix and the query, and still quoted."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes
    status: int | None = None
    fault: str = ""

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None

    @property
    def writes(self) -> bool:
        """Whether the request asks for a change; dry runs of dashboards and queries do not."""
        dry = self.query.get("dryRun") == ["All"] and self.path.startswith("/apis/dashboard.grafana.app/")
        return self.method not in _READS and not dry and self.path not in _ASKS

    def one(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[0]

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), None)

    @property
    def raw(self) -> str:
        """Everything of it as text, for finding secrets."""
        query = "&".join(f"{k}={v}" for k, values in self.query.items() for v in values)
        heads = "\n".join(f"{k}: {v}" for k, v in self.headers.items())
        return f"{self.method} {self.path}?{query}\n{heads}\n{self.body.decode(errors='replace')}"


@dataclass(frozen=True)
class Answer:
    """What a handler answers; ``body`` is JSON unless it is bytes."""

    status: int = 200
    body: Any = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()

    def all_headers(self, body: bytes) -> dict[str, str]:
        """Its own headers and those that Grafana sends with each answer."""
        kind = {} if self.status == 404 and not body else {"Content-Type": "application/json"}
        length = {} if self.status == 204 else {"Content-Length": str(len(body))}
        return {**kind, **self.headers, **length}


class Stop(Exception):  # noqa: N818 - it carries an answer, which need not be an error
    """Ends a handler early with an answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer.status))
        self.answer = answer


def refuse(code: int, message: str, **more: Any) -> Stop:
    return Stop(Answer(code, {"message": message, **more}))


class WireLog:
    """Every request, in the order of arrival."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._lock = threading.Lock()
        self.most_at_once = 0
        self._running = 0

    def __iter__(self) -> Iterator[Call]:
        return iter(list(self._calls))

    def __len__(self) -> int:
        return len(self._calls)

    def __getitem__(self, index: int) -> Call:
        return self._calls[index]

    def arrive(self, call: Call) -> int:
        with self._lock:
            self._calls.append(call)
            self._running += 1
            self.most_at_once = max(self.most_at_once, self._running)
            return len(self._calls) - 1

    def leave(self) -> None:
        with self._lock:
            self._running -= 1

    def clear(self) -> None:
        with self._lock:
            self._calls.clear()
            self.most_at_once = self._running

    def matching(self, method: str, path: str) -> list[Call]:
        return [call for call in self if call.method == method and call.path == path]

    @property
    def writes(self) -> list[Call]:
        return [call for call in self if call.writes]

    @property
    def lines(self) -> list[str]:
        return [f"{call.method} {call.path}" for call in self]
