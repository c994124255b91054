"""Record the exchanges with a real Grafana that dashgen's client needs, of any version, for tests to replay.

Usage: GRAFANA_TOKEN=… python -m tests.grafana.record --url https://grafana.example.com

Everything happens in one folder of its own with a random name, which is removed at the end, also after Ctrl-C and after
a failure; nothing else is written, and nothing outside of it is read but the version and the APIs that are served.
The file has no token, no address, no e-mail address and no name of an account; look at it before you share it.
"""

import argparse
import json
import os
import re
import secrets
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

RECORDINGS = Path(__file__).parent / "recordings"
NAME = "dashgen-recorded"
"""What the random name of the folder is called in the file."""
_SECONDS = 30
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_ADDRESS = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b|https?://[^\s\"'<>/]+")
_ACCOUNT_KEYS = frozenset(
    ("login", "email", "createdBy", "updatedBy", "avatarUrl", "serverAddress", "orgName")
)
_MARKS = ("createdBy", "updatedBy")
_JSON = "application/json"
Json = dict[str, Any]


@dataclass
class Recorder:
    """Sends requests to one Grafana and keeps them with their answers."""

    url: str
    token: str
    send: Callable[..., requests.Response] = requests.request
    name: str = field(default_factory=lambda: f"dashgen-{secrets.token_hex(6)}")
    exchanges: list[Json] = field(default_factory=list)

    def ask(self, note: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """One exchange, with its status and the decoded answer."""
        status, answer = self._exchange(method, path, body)
        request = {"method": method, "path": path, **({} if body is None else {"body": body})}
        response = {"status": status, "headers": {"Content-Type": _JSON}, "body": answer}
        self.exchanges.append(self.scrubbed({"note": note, "request": request, "response": response}))
        return status, answer

    def remove(self) -> None:
        """Remove the folder with all that is in it; nothing is recorded."""
        for path in (f"/api/dashboards/uid/{self.name}-{kind}" for kind in ("classic", "v2")):
            self._exchange("DELETE", path, None)
        self._exchange("DELETE", f"/api/folders/{self.name}?forceDeleteRules=true", None)

    def _exchange(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}", "User-Agent": "python-requests/2"}
        answer = self.send(
            method, self.url + path, json=body, headers=headers, timeout=_SECONDS, allow_redirects=False
        )
        try:
            return answer.status_code, answer.json() if answer.content else ""
        except ValueError:
            return answer.status_code, "<not JSON>"

    def scrubbed(self, value: Any, key: str = "") -> Any:
        """A value without what only this server, or one of its accounts, is called."""
        if isinstance(value, dict):
            return {name: self.scrubbed(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [self.scrubbed(item, key) for item in value]
        if not isinstance(value, str):
            return value
        if value and key.rpartition("/")[2] in _ACCOUNT_KEYS:
            return "user:somebody" if key.rpartition("/")[2] in _MARKS else "somebody"
        text = value.replace(self.token, "<token>") if self.token else value
        text = text.replace(urlsplit(self.url).netloc, "grafana").replace(self.name, NAME)
        return _ADDRESS.sub("<address>", _EMAIL.sub("<e-mail>", text))


def record(recorder: Recorder) -> Json:
    """Everything that is recorded of one Grafana; its folder is removed whatever happens."""
    _, health = recorder.ask("health", "GET", "/api/health")
    version = str(health.get("version", "")) if isinstance(health, dict) else ""
    try:
        served = {group: list(_served(recorder, group)) for group in ("dashboard", "folder")}
        for group in ("rules.alerting", "notifications.alerting"):
            list(_served(recorder, group))
        _record_folder(recorder, served["folder"])
        _record_dashboards(recorder, served["dashboard"])
        _record_rules(recorder)
    finally:
        recorder.remove()
    about = "the exchanges that the client needs, by tests/grafana/record.py"
    return {"about": about, "grafana": version, "exchanges": recorder.exchanges}


def _served(recorder: Recorder, group: str) -> Iterator[str]:
    status, answer = recorder.ask(f"versions of {group}", "GET", f"/apis/{group}.grafana.app")
    if status == 200 and isinstance(answer, dict):
        yield from (str(one["version"]) for one in answer.get("versions", []))


def _record_folder(recorder: Recorder, versions: list[str]) -> None:
    name = recorder.name
    status, answer = recorder.ask("folder, new", "POST", "/api/folders", {"uid": name, "title": name})
    if status != 200:
        raise SystemExit(f"a folder cannot be made ({status}): {answer}; nothing was recorded")
    recorder.ask("folder", "GET", f"/api/folders/{name}")
    for version in ("v1", "v1beta1"):
        if version in versions:
            path = f"/apis/folder.grafana.app/{version}/namespaces/default/folders/{name}"
            recorder.ask(f"folder at {version}", "GET", path)


def _record_dashboards(recorder: Recorder, versions: list[str]) -> None:
    classic = next((version for version in ("v1", "v1beta1") if version in versions), None)
    if classic is None:
        body = {"dashboard": {**CLASSIC, "uid": f"{recorder.name}-classic"}, "folderUid": recorder.name}
        recorder.ask("dashboard, new", "POST", "/api/dashboards/db", body)
        recorder.ask("dashboard", "GET", f"/api/dashboards/uid/{recorder.name}-classic")
        recorder.ask("history", "GET", f"/api/dashboards/uid/{recorder.name}-classic/versions")
        return
    _record_schema(recorder, classic, "classic", CLASSIC, versions)
    if newer := next((version for version in ("v2", "v2beta1") if version in versions), None):
        _record_schema(recorder, newer, "v2", V2, versions)


def _record_schema(recorder: Recorder, version: str, kind: str, spec: Json, versions: list[str]) -> None:
    """One dashboard at the version of its schema: made, read at every version, changed, in conflict, deleted."""
    uid = f"{recorder.name}-{kind}"
    base = f"/apis/dashboard.grafana.app/{version}/namespaces/default/dashboards"
    marks = {
        "grafana.app/managedBy": "kubectl",
        "grafana.app/managerId": "dashgen",
        "grafana.app/sourceChecksum": "sum",
    }
    annotations = {"grafana.app/folder": recorder.name, "grafana.app/message": "first", **marks}

    def envelope(content: Json, **metadata: Any) -> Json:
        head = {"apiVersion": f"dashboard.grafana.app/{version}", "kind": "Dashboard"}
        return {**head, "metadata": {"name": uid, "annotations": annotations, **metadata}, "spec": content}

    strict = f"{base}?dryRun=All&fieldValidation=Strict"
    recorder.ask(f"{version}: dry run", "POST", strict, envelope(spec))
    recorder.ask(f"{version}: dry run, wrong type", "POST", strict, envelope({**spec, "title": 5}))
    recorder.ask(f"{version}: dry run, unknown field", "POST", strict, envelope({**spec, "colour": "red"}))
    recorder.ask(f"{version}: dashboard, new", "POST", base, envelope(spec))
    recorder.ask(f"{version}: dashboard, again", "POST", base, envelope(spec))
    for shown in versions:
        path = f"/apis/dashboard.grafana.app/{shown}/namespaces/default/dashboards/{uid}"
        recorder.ask(f"{version}: read at {shown}", "GET", path)
    _, read = recorder.ask(f"{version}: read", "GET", f"{base}/{uid}")
    current = read.get("metadata", {}).get("resourceVersion", "") if isinstance(read, dict) else ""
    changed = {**spec, "title": "Changed"}
    recorder.ask(f"{version}: change", "PUT", f"{base}/{uid}", envelope(changed, resourceVersion=current))
    recorder.ask(f"{version}: stale change", "PUT", f"{base}/{uid}", envelope(spec, resourceVersion=current))
    selection = f"labelSelector=grafana.app/get-history=true&fieldSelector=metadata.name={uid}"
    recorder.ask(f"{version}: history", "GET", f"{base}?{selection}")
    recorder.ask(f"{version}: classic view", "GET", f"/api/dashboards/uid/{uid}")
    recorder.ask(f"{version}: deletion", "DELETE", f"{base}/{uid}")
    recorder.ask(f"{version}: read of what is gone", "GET", f"{base}/{uid}")


def _record_rules(recorder: Recorder) -> None:
    path = f"/api/v1/provisioning/folder/{recorder.name}/rule-groups/recorded"
    model = {
        "refId": "A",
        "type": "math",
        "expression": "0 == 1",
        "datasource": {"type": "__expr__", "uid": "__expr__"},
    }
    query = {
        "refId": "A",
        "datasourceUid": "__expr__",
        "relativeTimeRange": {"from": 0, "to": 0},
        "model": model,
    }
    rule = {
        "uid": recorder.name,
        "title": "Recorded",
        "ruleGroup": "recorded",
        "folderUID": recorder.name,
        "condition": "A",
        "data": [query],
        "noDataState": "OK",
        "execErrState": "OK",
        "for": "5m",
        "isPaused": True,
    }
    group = {"title": "recorded", "folderUid": recorder.name, "interval": 3600, "rules": [rule]}
    recorder.ask("rule group, new", "PUT", path, group)
    recorder.ask("rule group", "GET", path)
    recorder.ask("rule group, deleted", "DELETE", path)


_GRID = {"x": 0, "y": 0, "w": 12, "h": 4}
_TEXT = {
    "options": {"mode": "markdown", "content": "recorded"},
    "fieldConfig": {"defaults": {}, "overrides": []},
}
CLASSIC: Json = {
    "title": "Recorded",
    "schemaVersion": 42,
    "tags": ["dashgen"],
    "panels": [{"id": 1, "type": "text", "title": "Text", "gridPos": _GRID, **_TEXT}],
}
_PANEL: Json = {
    "id": 1,
    "title": "Text",
    "description": "",
    "links": [],
    "data": {"kind": "QueryGroup", "spec": {"queries": [], "transformations": [], "queryOptions": {}}},
    "vizConfig": {"kind": "VizConfig", "group": "text", "version": "", "spec": _TEXT},
}
_AUTO: Json = {
    "maxColumnCount": 2,
    "columnWidthMode": "standard",
    "rowHeightMode": "short",
    "items": [
        {"kind": "AutoGridLayoutItem", "spec": {"element": {"kind": "ElementReference", "name": "panel-1"}}}
    ],
}
_TAB: Json = {"title": "One", "layout": {"kind": "AutoGridLayout", "spec": _AUTO}}
V2: Json = {
    "title": "Recorded",
    "annotations": [],
    "cursorSync": "Off",
    "editable": True,
    "elements": {"panel-1": {"kind": "Panel", "spec": _PANEL}},
    "layout": {"kind": "TabsLayout", "spec": {"tabs": [{"kind": "TabsLayoutTab", "spec": _TAB}]}},
    "links": [],
    "liveNow": False,
    "preload": False,
    "tags": ["dashgen"],
    "timeSettings": {
        "timezone": "browser",
        "from": "now-6h",
        "to": "now",
        "autoRefresh": "",
        "autoRefreshIntervals": ["1m"],
        "hideTimepicker": False,
        "fiscalYearStartMonth": 0,
    },
    "variables": [],
}


def write(recording: Json, folder: Path) -> Path:
    """Write a recording into the folder of its version; the tests replay it from there."""
    version = re.sub(r"[^\w.-]", "-", recording["grafana"]) or "unknown"
    path = folder / version / "client.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(recording, indent=1) + "\n", encoding="utf-8")
    return path


def main() -> None:
    """Record what the command line names."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.grafana.record", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--url", required=True, help="the address of the Grafana, with its sub-path")
    parser.add_argument("--out", type=Path, default=RECORDINGS, help="the folder of the recordings")
    options = parser.parse_args()
    token = os.environ.get("GRAFANA_TOKEN", "")
    if not token:
        parser.error("set GRAFANA_TOKEN to a token that may make and delete folders")
    path = write(record(Recorder(options.url.rstrip("/"), token)), options.out)
    sys.stdout.write(f"{path}: look at it before you share it\n")


if __name__ == "__main__":
    main()
