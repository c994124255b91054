"""Dashboards that somebody else wrote: looked at, not damned."""

from typing import Any

import pytest

from dashgen.core.diagnostics import Severity

from .conftest import Check, expect
from .samples import DASHBOARD, DATA_SOURCES, PROM, REMOVED, changed

_SOURCES = {"provisioning/datasources/a.yaml": DATA_SOURCES}
_FOREIGN = {"uid": "old", "title": "Old", "schemaVersion": 16, "rows": [], "panels": [
    {"type": "graph", "datasource": "Prometheus", "id": 1, "span": 4, "nullPointMode": "null",
     "targets": [{"expr": "up", "refId": "A"}]}
]}  # fmt: skip


def test_a_foreign_dashboard_is_not_damned(check: Check) -> None:
    found = expect(check({"d/old.json": _FOREIGN, **_SOURCES}), "dashboard/old-schema", "schemaVersion 16")
    assert found.severity is Severity.INFO


def test_a_foreign_dashboard_of_today_says_nothing(check: Check) -> None:
    assert (
        check({"d/x.json": changed(changed(DASHBOARD, "tags", []), "panels.1.options.free", 1), **_SOURCES})
        == []
    )


FOREIGN: list[tuple[str, str, Any, str, Severity]] = [
    ("no version", "schemaVersion", REMOVED, "dashboard/old-schema", Severity.INFO),
    ("a newer version", "schemaVersion", 43, "dashboard/new-schema", Severity.WARNING),
    ("no uid", "uid", REMOVED, "dashboard/no-uid", Severity.WARNING),
    ("no title", "title", REMOVED, "dashboard/title", Severity.ERROR),
    ("panels as an object", "panels", {"a": 1}, "dashboard/wrong-type", Severity.ERROR),
    ("an unknown data source", "panels.0.datasource", {"uid": "gone"}, "datasource/unknown", Severity.ERROR),
    ("an unknown data source by name", "panels.0.datasource", "Gone", "datasource/unknown", Severity.ERROR),
    ("an input", "panels.0.datasource", "${DS_PROM}", "dashboard/unresolved-input", Severity.ERROR),
    ("an id twice", "panels.1", {"id": 1, "type": "text"}, "panel/id", Severity.WARNING),
    (
        "syntax",
        "panels.0.targets.0",
        {"refId": "A", "datasource": PROM, "expr": "sum("},
        "query/syntax",
        Severity.WARNING,
    ),
]


@pytest.mark.parametrize(
    ("path", "value", "rule", "severity"), [f[1:] for f in FOREIGN], ids=[f[0] for f in FOREIGN]
)
def test_what_breaks_a_foreign_dashboard_is_said(
    check: Check, path: str, value: Any, rule: str, severity: Severity
) -> None:
    found = check({"d/old.json": changed(_FOREIGN, path, value), **_SOURCES})
    assert (rule, severity) in [(d.rule, d.severity) for d in found]
    assert len(found) <= 2


def test_the_inputs_of_an_export_are_each_named_once(check: Check) -> None:
    inputs = [
        {"name": "DS_PROM", "type": "datasource"},
        {"name": "DS_LOKI", "type": "datasource"},
        {"name": "V", "type": "constant"},
    ]
    file = changed(changed(_FOREIGN, "__inputs", inputs), "panels.0.datasource", "${DS_PROM}")
    found = [d for d in check({"d/old.json": file}) if d.rule == "dashboard/unresolved-input"]
    assert sorted(d.message.split("`")[1] for d in found) == ["DS_LOKI", "DS_PROM"]
