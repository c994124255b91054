"""Connections to the fake for tests: short limits, no real waiting."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from dashgen.formats.form_conversion import DASHBOARD_FORMS
from dashgen.servers.grafana import ConflictError, ConflictKind, ConnectionSettings, Grafana
from dashgen.servers.grafana.session import Session
from dashgen.servers.http import Secret
from tests.grafana.fake import FakeGrafana
from tests.tools.hanging import PATIENT

PANEL = {
    "id": 1,
    "type": "stat",
    "title": "Queries",
    "gridPos": {"x": 0, "y": 0, "w": 4, "h": 4},
    "datasource": {"type": "prometheus", "uid": "prometheus"},
    "targets": [{"refId": "A", "expr": "up", "datasource": {"type": "prometheus", "uid": "prometheus"}}],
    "fieldConfig": {"defaults": {}, "overrides": []},
    "options": {},
}
CONTENT: dict[str, Any] = {
    "title": "Mission Control",
    "tags": ["dashgen"],
    "schemaVersion": 42,
    "panels": [PANEL],
}


@contextmanager
def conflict(kind: ConflictKind) -> Iterator[None]:
    """Expect that a write is refused as a conflict of this kind."""
    with pytest.raises(ConflictError) as caught:
        yield
    assert caught.value.kind is kind


@dataclass
class Clock:
    """Remembers how long would have been waited."""

    waits: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


def settings(fake: FakeGrafana, token: str | None = None, **more: Any) -> ConnectionSettings:
    used_token = fake.admin_token if token is None else token
    options = {"limits": PATIENT, "token": Secret(used_token) if used_token else None, **more}
    return ConnectionSettings(options.pop("url", fake.url), **options)


def session(fake: FakeGrafana, token: str | None = None, clock: Clock | None = None, **more: Any) -> Session:
    return Session(settings(fake, token, **more), sleep=(clock or Clock()).sleep, jitter=lambda: 0.5)


def connect(fake: FakeGrafana, token: str | None = None, *, editable: bool = True, **more: Any) -> Grafana:
    return Grafana(session(fake, token, **more), editable=editable, forms=DASHBOARD_FORMS)


def rule(uid: str, title: str = "Rule", **more: Any) -> dict[str, Any]:
    """An alert rule as it is sent."""
    query = {
        "refId": "A",
        "queryType": "",
        "relativeTimeRange": {"from": 600, "to": 0},
        "datasourceUid": "prometheus",
        "model": {"refId": "A", "expr": "up", "instant": True},
    }
    return {
        "uid": uid,
        "title": title,
        "condition": "A",
        "noDataState": "OK",
        "execErrState": "Error",
        "for": "5m",
        "labels": {"severity": "critical"},
        "annotations": {"summary": "{{ $values.A }}"},
        "data": [query],
        **more,
    }
