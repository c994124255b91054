"""Recorded exchanges of a running Grafana, sent again to the fake."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.grafana.fake import FakeGrafana
from tests.grafana.fake.wire import Answer, Call

RECORDINGS = Path(__file__).parent / "recordings"
# The order in which they were recorded on one server: each builds on what the former left.
ORDER = (
    "auth",
    "folders",
    "dashboards",
    "dashboards-apis",
    "datasources",
    "annotations",
    "alerting",
    "ownership",
)

_NEEDS_PROMETHEUS = "needs a running Prometheus or Loki behind the data source"
NOT_REPRODUCED = {
    "datasources[16] query, range": _NEEDS_PROMETHEUS,
    "datasources[17] query, instant": _NEEDS_PROMETHEUS,
    "datasources[18] query with a syntax error": _NEEDS_PROMETHEUS,
    "datasources[19] query with no data": _NEEDS_PROMETHEUS,
    "datasources[20] query of an unreachable data source": _NEEDS_PROMETHEUS,
    "datasources[22] proxy to Prometheus": _NEEDS_PROMETHEUS,
    "datasources[23] resources: metric metadata": _NEEDS_PROMETHEUS,
    "alerting[32] export a group as YAML": "the client asks for no exports in YAML",
    "alerting[35] state of rules (Prometheus-compatible)": "the fake evaluates no rules",
}
# The recording left parts of these answers out, so only what it has is compared.
PARTIAL = (
    "dashboards[7]",
    "dashboards-apis[21]",
    "ownership[1]",
    "ownership[4]",
    "ownership[8]",
    "ownership[13]",
    "alerting[33]",
)
_VOLATILE_KEYS = {
    "id",
    "dashboardId",
    "folderId",
    "resourceVersion",
    "creationTimestamp",
    "time",
    "created",
    "updated",
    "continue",
    "accessErrorId",
    "serverAddress",
    "queryCost",
    "key",
    "grafana.app/deprecatedInternalID",
    "grafana.app/createdBy",
    "grafana.app/updatedBy",
    "grafana.app/updatedTimestamp",
}
_MADE_UID = re.compile(r"[a-z0-9]{14}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16}")
_EVENT_KEYS = {"timeEnd", "text", "login"}


@dataclass
class Exchange:
    """One recorded request and its answer."""

    file: str
    number: int
    note: str
    request: dict[str, Any]
    response: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.file}[{self.number}] {self.note}"

    @property
    def partial(self) -> bool:
        return self.name.startswith(PARTIAL)


def exchanges() -> Iterator[Exchange]:
    for file in ORDER:
        data = json.loads((RECORDINGS / f"{file}.json").read_text(encoding="utf-8"))
        for number, item in enumerate(data["exchanges"]):
            yield Exchange(file, number, item["note"], item["request"], item["response"])


def dropped_recordings() -> list[Path]:
    """The recordings in a folder of their version, each of one server: `recordings/13.3.0/client.json`."""
    return sorted(RECORDINGS.glob("*/*.json"))


def recorded(path: Path) -> tuple[str, list[Exchange]]:
    """The version and the exchanges of one such recording."""
    data = json.loads(path.read_text(encoding="utf-8"))
    items = enumerate(data["exchanges"])
    return data["grafana"], [
        Exchange(path.stem, n, item["note"], item["request"], item["response"]) for n, item in items
    ]


class Replay:
    """Sends recorded requests, with what the fake answered in the place of what Grafana had answered."""

    def __init__(self, grafana: FakeGrafana) -> None:
        self.grafana = grafana
        self.now_called: dict[str, str] = {}
        self.service_tokens: dict[str, str] = {}

    def send(self, exchange: Exchange) -> Answer:
        request = exchange.request
        if exchange.file == "ownership" and exchange.number == 0:
            # The recording was taken after the folder had been made anew.
            self._call("POST", "/api/folders", b'{"uid":"dubai-estate-ai","title":"Dubai Estate AI"}', {})
        body = request.get("body_text", json.dumps(request["body"]) if "body" in request else "")
        for recorded, current in self.now_called.items():
            body = body.replace(recorded, current)
        headers = {**_who(exchange, self), **request.get("headers", {})}
        answer = self._call(request["method"], request["path"], body.encode(), headers)
        self._learn(exchange, answer)
        return answer

    def _call(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        parts = urlsplit(path)
        basic = base64.b64encode(b"admin:admin").decode()
        usual_headers = {
            "Authorization": f"Basic {basic}",
            "User-Agent": "python-requests/2",
            "Host": "grafana",
        }
        sent = {key: value for key, value in {**usual_headers, **headers}.items() if value}
        answer = self.grafana.serve(Call(method, parts.path, parse_qs(parts.query), sent, body))
        encoded = answer.encoded()
        return Answer(answer.status, json.loads(encoded) if encoded else "")

    def _learn(self, exchange: Exchange, answer: Answer) -> None:
        recorded, got = exchange.response["body"], answer.body
        if exchange.note.startswith("token for it"):
            role = exchange.request["body"]["name"]
            self.service_tokens[role] = got["key"]
        if isinstance(recorded, dict) and isinstance(got, dict):
            before, after = (b.get("metadata", {}).get("resourceVersion") for b in (recorded, got))
            if before and after:
                self.now_called[before] = after


def _who(exchange: Exchange, replay: Replay) -> dict[str, str]:
    """The recordings do not have the credentials; the notes say who asked."""
    note = exchange.note
    if note == "no credentials":
        return {"Authorization": ""}
    if note == "bad token":
        return {"Authorization": "Bearer glsa_nope"}
    if note == "bad basic password":
        return {"Authorization": "Basic " + base64.b64encode(b"admin:wrong").decode()}
    if note == "who am I (viewer token)":
        return {"Authorization": f"Bearer {replay.service_tokens['t11']}"}
    if note.startswith("viewer "):
        return {"Authorization": f"Bearer {replay.grafana.viewer_token}"}
    if note.startswith("editor "):
        return {"Authorization": f"Bearer {replay.grafana.editor_token}"}
    return {}


def comparable(value: Any, key: str = "", inside: dict[str, Any] | None = None) -> Any:
    """An answer with what differs from run to run replaced by its kind."""
    if key == "fieldsV1":
        return "<who set which field>"
    if isinstance(value, dict):
        return {name: comparable(item, name, value) for name, item in value.items()}
    if isinstance(value, list):
        return [comparable(item, key) for item in value]
    around = inside or {}
    is_event_time = key == "time" and _EVENT_KEYS & around.keys()
    is_panel_id = key == "id" and {"gridPos", "span"} & around.keys()
    made_uid = key in {"uid", "version"} and isinstance(value, str) and _MADE_UID.fullmatch(value)
    if is_event_time or is_panel_id or not (key in _VOLATILE_KEYS or made_uid):
        return value
    if isinstance(value, int) and value < 10_000:
        return value
    return f"<{type(value).__name__}>"


def only_what(recorded: Any, answer: Any) -> Any:
    """As much of an answer as a shortened recording has."""
    if isinstance(recorded, dict) and isinstance(answer, dict):
        return {key: only_what(value, answer.get(key)) for key, value in recorded.items()}
    if isinstance(recorded, list) and isinstance(answer, list):
        return [only_what(item, other) for item, other in zip(recorded, answer, strict=False)]
    return answer
