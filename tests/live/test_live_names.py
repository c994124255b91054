"""Metrics and labels that a Prometheus does not have are found at their characters."""

import time
from pathlib import Path

import pytest

from dashgen.core.diagnostics import Diagnostic
from dashgen.doctor.live.live_names import LiveNames, live_names, unknown_names
from dashgen.project.inspection import inspect_project
from dashgen.project.placed_queries import PlacedQuery, placed_queries
from dashgen.servers.telemetry import Prometheus
from tests.telemetry.running import endpoint, scripted

LIVE = LiveNames(
    frozenset({"app_queries_total", "app_seconds_bucket", "up"}),
    frozenset({"__name__", "job", "status", "le"}),
    {"app_queries_total": "counter", "app_seconds": "histogram", "app_errors_total": "counter"},
)
HEAD = """\
kind: DataSources
datasources:
  prometheus: {url: "http://p:9090", default: true}
  loki: {url: "http://l:3100"}
---
kind: Dashboard
title: D
"""


def queries_of(folder: Path, body: str) -> list[PlacedQuery]:
    (folder / "dashgen.yaml").write_text("specs: [specs]\n", encoding="utf-8")
    (folder / "specs").mkdir()
    (folder / "specs/all.yaml").write_text(HEAD + body, encoding="utf-8")
    return list(placed_queries(inspect_project(folder)))


def shown(finding: Diagnostic, body: str) -> str:
    """The text at which a finding points, up to the end of the word."""
    assert finding.location is not None
    span = finding.location.span
    assert span is not None
    line = (HEAD + body).split("\n")[span.line - 1][span.column - 1 :]
    return line.split("{")[0].split("=")[0].split("[")[0].split(")")[0]


@pytest.mark.parametrize(
    ("query", "findings"),
    [
        ("rate(app_queries_total[5m])", []),
        (
            "rate(app_querys_total[5m])",
            [("live/metric", "app_querys_total", "did you mean `app_queries_total`?")],
        ),
        ("1 - gone / up", [("live/metric", "gone / up'}", "it was renamed, or nothing exports it any more")]),
        ("rate(app_errors_total[5m])", [("live/no-series", "app_errors_total", "")]),
        ("rate(app_seconds_count[5m])", [("live/no-series", "app_seconds_count", "")]),
        ("absent(gone)", [("live/no-series", "gone", "")]),
        ('up{jbo="x"}', [("live/label", "jbo", "did you mean `job`?")]),
        ("sum by (jbo) (up)", [("live/label", "jbo", "did you mean `job`?")]),
        ('sum by (new) (label_replace(up, "new", "$1", "job", "(.*)"))', []),
        ("job:queries:rate5m", []),
        ("ALERTS", []),
        ("${kind}_total", []),
        ('{__name__=~"gone.*"}', []),
    ],
)
def test_names_are_compared(tmp_path: Path, query: str, findings: list[tuple[str, str, str]]) -> None:
    body = f"variables:\n  - {{name: kind, type: custom, values: [a]}}\npanels:\n  - {{title: T, query: '{query}'}}\n"
    problems = unknown_names(queries_of(tmp_path, body), LIVE, ["job:queries:rate5m"])
    assert [(one.rule, shown(one, body), one.hint) for one in problems] == findings


def test_the_label_of_a_variable_is_compared_too(tmp_path: Path) -> None:
    body = "variables:\n  - {name: status, query: 'label_values(up, statsu)'}\n"
    (problem,) = unknown_names(queries_of(tmp_path, body), LIVE)
    assert (problem.rule, shown(problem, body)) == ("live/label", "statsu")


def test_other_languages_are_passed_over(tmp_path: Path) -> None:
    body = "panels:\n  - {title: T, type: logs, datasource: loki, query: '{jbo=\"x\"}'}\n"
    assert unknown_names(queries_of(tmp_path, body), LIVE) == []


@pytest.mark.external
def test_a_running_prometheus_gives_its_names(prometheus_url: str) -> None:
    with Prometheus(endpoint(prometheus_url)) as server:
        names = live_names(server, time.time())
    assert {"app_queries_total", "app_users", "app_ended"} <= names.metrics
    assert {"__name__", "status", "tier"} <= names.labels


def test_a_server_without_metadata_gives_its_names_all_the_same() -> None:
    answers = {
        "/api/v1/label/__name__/values": {"status": "success", "data": ["up"]},
        "/api/v1/labels": {"status": "success", "data": ["job"]},
    }
    with scripted(answers) as script, Prometheus(endpoint(script.url)) as server:
        assert live_names(server, 1e9) == LiveNames(frozenset({"up"}), frozenset({"job"}))
        script.answers["/api/v1/metadata"] = {"status": "success", "data": {"a_total": [{"type": "counter"}]}}
        assert live_names(server, 1e9).types == {"a_total": "counter"}
