"""A dashboard of today is wrong whoever wrote it, and what others write that Grafana passes over is not."""

from typing import Any

import pytest

from dashgen.core.diagnostics import Severity

from .conftest import Check
from .samples import REMOVED, changed

_PROM = {"type": "prometheus", "uid": "p"}
_DASHBOARD: dict[str, Any] = {
    "uid": "shop",
    "title": "Shop",
    "schemaVersion": 42,
    "version": 7,
    "id": None,
    "gnetId": None,
    "iteration": 1,
    "style": "dark",
    "refresh": False,
    "templating": {"list": [
        {"type": "query", "name": "job", "query": {"query": "label_values(up, job)", "refId": "A"}, "datasource": "P",
         "current": {}, "tagsQuery": "", "useTags": False, "allValue": None},
    ]},
    "annotations": {"list": []},
    "panels": [
        {"id": 1, "type": "row", "title": "R", "gridPos": {"h": 1, "w": 25, "x": 0, "y": 0}},
        {
            "id": 2,
            "type": "timeseries",
            "title": "A",
            "pluginVersion": "11.0.0",
            "datasource": _PROM,
            "gridPos": {"h": 8, "w": 12, "x": 0, "y": 1},
            "targets": [{"refId": "A", "expr": 'rate(up{job="$job"}[5m])', "datasource": _PROM, "intervalFactor": 1,
                         "hide": False, "key": "Q-1"}],
            "fieldConfig": {
                "defaults": {
                    "unit": "short", "decimals": 2, "color": {"mode": "palette-classic"}, "mappings": [],
                    "custom": {"lineWidth": 1, "fancy": True, "hideFrom": {"viz": False}},
                    "thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": None}]},
                },
                "overrides": [{"matcher": {"id": "byName", "options": "x"},
                               "properties": [{"id": "custom.other", "value": 1}, {"id": "unit", "value": "s"}]}],
            },
            "options": {"legend": {"displayMode": "list", "placement": "bottom", "calcs": []}, "own": 1},
            "transformations": [{"id": "organize", "options": {}}],
        },
        {"id": 3, "type": "acme-fancy-panel", "title": "B", "gridPos": {"h": 8, "w": 12, "x": 12, "y": 1},
         "options": {"legend": {"displayMode": "tabel"}, "anything": [1]}},
        {"id": 4, "type": "table-old", "title": "C", "gridPos": {"h": 8, "w": 12, "x": 0, "y": 9}},
    ],
}  # fmt: skip


def test_what_others_write_is_no_finding(check: Check) -> None:
    assert check({"x.json": _DASHBOARD}) == []


_P = "panels.1"
_DEFAULTS = f"{_P}.fieldConfig.defaults"
_OVERRIDE = f"{_P}.fieldConfig.overrides.0"
WRONG: list[tuple[str, Any, str]] = [
    (f"{_P}.type", "timeserie", "panel/type"),
    (f"{_P}.type", "time-series", "panel/type"),
    (f"{_P}.type", "grph", "panel/type"),
    (f"{_P}.type", REMOVED, "dashboard/missing-key"),
    (f"{_P}.gridPos.w", 30, "dashboard/out-of-range"),
    (f"{_P}.gridPos.w", "12", "dashboard/wrong-type"),
    (f"{_P}.gridPos", {"h": 8, "w": 12, "x": 20, "y": 1}, "panel/grid"),
    (f"{_P}.targets", {"A": "up"}, "dashboard/wrong-type"),
    (f"{_P}.targets.0.expr", "sum(", "query/syntax"),
    (f"{_P}.targets.0.expr", 'up{job="$jbo"}', "query/variable"),
    (f"{_P}.targets.0.expr", "up[5m]", "query/result"),
    (f"{_P}.targets.0.datasource", {"type": "loki", "uid": "l"}, "query/syntax"),
    (f"{_DEFAULTS}.decimals", "two", "dashboard/wrong-type"),
    (f"{_DEFAULTS}.color.mode", "palete", "dashboard/unknown-value"),
    (f"{_DEFAULTS}.mappings", [{"type": "valu", "options": {}}], "dashboard/unknown-value"),
    (f"{_DEFAULTS}.thresholds.mode", "absolut", "dashboard/unknown-value"),
    (f"{_DEFAULTS}.thresholds.steps.0.value", "ninety", "dashboard/wrong-type"),
    (f"{_DEFAULTS}.custom.lineWidth", "thick", "dashboard/wrong-type"),
    (f"{_DEFAULTS}.custom.lineWidth", 99, "dashboard/out-of-range"),
    (f"{_DEFAULTS}.custom.drawStyle", "lines", "dashboard/unknown-value"),
    (f"{_DEFAULTS}.custom.fillOpacty", 10, "dashboard/unknown-key"),
    (f"{_OVERRIDE}.matcher.id", "byNme", "dashboard/unknown-value"),
    (f"{_OVERRIDE}.properties", REMOVED, "dashboard/missing-key"),
    (f"{_OVERRIDE}.properties.1.id", "unitt", "dashboard/unknown-value"),
    (f"{_OVERRIDE}.properties.1", {"value": 1}, "dashboard/missing-key"),
    (f"{_P}.options.legend.displayMode", "tabel", "dashboard/unknown-value"),
    (f"{_P}.options.legend", {"placment": "right"}, "dashboard/unknown-key"),
    (f"{_P}.options.tooltip", {"mode": "every"}, "dashboard/unknown-value"),
    (f"{_P}.descripton", "x", "dashboard/unknown-key"),
    (f"{_P}.transformations.0.id", "organise", "dashboard/unknown-value"),
    (f"{_P}.targets.0.legendFormt", "x", "dashboard/unknown-key"),
    (f"{_P}.targets.0.instnt", True, "dashboard/unknown-key"),
    (f"{_P}.repeatDirection", "x", "dashboard/unknown-value"),
    ("templating.list.0.type", "qery", "dashboard/unknown-value"),
    ("templating.list.0.name", REMOVED, "dashboard/missing-key"),
    ("templating.list.0.refresh", 5, "dashboard/unknown-value"),
    ("templating.list.0.hide", "yes", "dashboard/unknown-value"),
    ("time", {"from": ["now"], "to": "now"}, "dashboard/wrong-type"),
    ("graphTooltip", 3, "dashboard/unknown-value"),
    ("fiscalYearStartMonth", 12, "dashboard/out-of-range"),
    ("links", [{"title": "x", "type": "linkk"}], "dashboard/unknown-value"),
    (f"{_DEFAULTS}.unit", 5, "dashboard/wrong-type"),
    (f"{_P}.links", [{"title": "x", "url": 5}], "dashboard/wrong-type"),
    (f"{_P}.targets.0.legendFormat", 5, "dashboard/wrong-type"),
    (f"{_P}.timeFrom", 5, "dashboard/wrong-type"),
]


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    WRONG,
    ids=[f"{w[0]}={'removed' if w[1] is REMOVED else repr(w[1])}" for w in WRONG],
)
def test_a_value_that_grafana_cannot_use_is_an_error(check: Check, path: str, value: Any, rule: str) -> None:
    found = check({"x.json": changed(_DASHBOARD, path, value)})
    assert (rule, Severity.ERROR) in [(d.rule, d.severity) for d in found], [d.message for d in found]


DOUBTFUL: list[tuple[str, Any, str]] = [
    (f"{_P}.links", [{"title": "x", "url": "/d/a?${__url_time_rnge}"}], "link/variable"),
    (f"{_P}.links", [{"title": "x", "url": "/d/a?${__url_time_range"}], "link/variable"),
    (f"{_DEFAULTS}.links", [{"title": "x", "url": "/d/a?a=${__data.field.x}"}], "link/variable"),
    ("links", [{"title": "x", "type": "link", "url": "/d/a?${__al_variables}"}], "link/variable"),
    ("templating.list.0.regex", "/(/", "variable/regex"),
    (f"{_OVERRIDE}.matcher", {"id": "byRegexp", "options": "/[/"}, "panel/override"),
    (f"{_DEFAULTS}.mappings", [{"type": "regex", "options": {"pattern": "(", "result": {"text": "x"}}}], "panel/mapping"),
    (f"{_DEFAULTS}.thresholds.steps", [{"color": "red", "value": 5}, {"color": "green", "value": 1}], "panel/thresholds"),
    (f"{_DEFAULTS}.thresholds.steps", [{"color": "red", "value": 5}, {"color": "green", "value": None}], "panel/thresholds"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "rule"), DOUBTFUL)
def test_a_value_that_grafana_reads_otherwise_is_a_warning(
    check: Check, path: str, value: Any, rule: str
) -> None:
    findings = check({"x.json": changed(_DASHBOARD, path, value)})
    assert (rule, Severity.WARNING) in [(one.rule, one.severity) for one in findings]


LINKS = [
    "/d/a?${__url_time_range}&${__all_variables}&var-x=${other}",
    'https://x/${__field.labels.job}?t=${__value.time}&v=${__data.fields["a b"]}',
    "/explore?a=$job&$filter=1",
]


@pytest.mark.parametrize("address", LINKS)
def test_a_link_may_use_what_grafana_and_other_dashboards_have(check: Check, address: str) -> None:
    assert check({"x.json": changed(_DASHBOARD, f"{_P}.links", [{"title": "x", "url": address}])}) == []


@pytest.mark.parametrize(
    ("version", "severity"), [(41, Severity.WARNING), (37, Severity.WARNING), (16, None)]
)
def test_what_grafana_may_put_right_is_a_warning(
    check: Check, version: int, severity: Severity | None
) -> None:
    sample = changed(_DASHBOARD, f"{_DEFAULTS}.decimals", "two")
    found = check({"x.json": changed(sample, "schemaVersion", version)})
    wrong = [d.severity for d in found if d.rule == "dashboard/wrong-type"]
    assert wrong == ([severity] if severity else [])


def test_a_mistake_in_a_query_is_shown_at_its_character(check: Check) -> None:
    [found] = check({"x.json": changed(_DASHBOARD, f"{_P}.targets.0.expr", 'up{job="a"} + sum by (x (up)')})
    place = found.location
    assert place is not None
    assert place.span is not None
    assert place.span.column == len('          "expr": "up{job=\\"a\\"} + sum by ') + 1
