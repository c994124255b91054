"""Objectives of sloth and OpenSLO become uses of `std/slo`; what these do not say is reported."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashgen.formats.upgrade.notes import Notes
from dashgen.importer.objectives.foreign_objective import series_name
from dashgen.importer.objectives.sloth_objectives import sloth_objectives
from dashgen.importer.objectives.windowed_query import UnfitQueryError, windowed
from tests.conftest import Promtool
from tests.project.project import Project

SOURCES = "kind: DataSources\ndatasources: {prometheus: {url: 'http://p:9090'}}\n"
EVENTS = {
    "error_query": 'sum(rate(requests_total{code=~"5.."}[{{.window}}]))',
    "total_query": "sum(rate(requests_total[{{ .window }}]))",
}
SLOTH: dict[str, Any] = {
    "version": "prometheus/v1",
    "service": "checkout",
    "labels": {"owner": "shop"},
    "slos": [
        {
            "name": "requests-availability",
            "objective": 99.9,
            "description": "Orders are taken.",
            "labels": {"tier": "one"},
            "sli": {"events": EVENTS},
            "alerting": {
                "name": "CheckoutErrors",
                "labels": {"category": "availability"},
                "annotations": {"runbook": "https://wiki.example.com/x", "owner": "kim"},
                "page_alert": {"labels": {"severity": "pageteam"}},
                "ticket_alert": {"disable": True},
            },
        }
    ],
}
ARGUMENTS = {
    "name": "checkout_requests_availability",
    "title": "requests-availability",
    "description": "Orders are taken.",
    "objective": 99.9,
    "errors": 'sum(rate(requests_total{code=~"5.."}[$window]))',
    "total": "sum(rate(requests_total[$window]))",
    "alert": "CheckoutErrors",
    "ticket": False,
    "labels": {"owner": "shop", "tier": "one", "category": "availability"},
    "page_labels": {"severity": "pageteam"},
    "annotations": {"owner": "kim"},
    "runbook": "https://wiki.example.com/x",
    "dashboard": "slo-checkout",
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.write("dashgen.yaml", "specs: [specs]\n")
    project.write("specs/sources.yaml", SOURCES)
    return project


def imported(project: Project, *documents: Any, options: tuple[str, ...] = ()) -> dict[str, Any]:
    """What the command reports of a file with these documents."""
    project.write("slo.yml", "---\n".join(yaml.safe_dump(one, sort_keys=False) for one in documents))
    finished = project.run("import", "slo.yml", "--format", "json", *options)
    answer: dict[str, Any] = json.loads(finished.out)
    return answer


def uses(answer: dict[str, Any]) -> list[dict[str, Any]]:
    [result] = answer["results"]
    assert result["to_do"] == []
    rows = [row for one in yaml.safe_load_all(result["spec"]) for row in one["rows"]]
    assert {row["use"] for row in rows} == {"std/slo"}
    return [row["with"] for row in rows]


def test_a_file_of_sloth_keeps_what_it_says(project: Project) -> None:
    answer = imported(project, SLOTH)
    assert uses(answer) == [ARGUMENTS]
    assert answer["results"][0]["kind"] == "objectives"
    assert answer["results"][0]["dropped"] == []
    converted = "the alert `CheckoutErrors` became `CheckoutErrorsBurnsBudgetFast`"
    assert [one["what"] for one in answer["results"][0]["converted"]] == [converted]


def camel(value: Any) -> Any:
    if isinstance(value, list):
        return [camel(one) for one in value]
    if not isinstance(value, dict):
        return value
    names = {
        "error_query": "errorQuery",
        "total_query": "totalQuery",
        "page_alert": "pageAlert",
        "ticket_alert": "ticketAlert",
    }
    return {names.get(key, key): camel(one) for key, one in value.items()}


def resource() -> dict[str, Any]:
    spec = camel({key: value for key, value in SLOTH.items() if key != "version"})
    kind = {"apiVersion": "sloth.slok.dev/v1", "kind": "PrometheusServiceLevel", "metadata": {"name": "x"}}
    return {**kind, "spec": spec}


@pytest.mark.parametrize(
    "document", [resource(), {"apiVersion": "v1", "kind": "List", "items": [resource()]}]
)
def test_the_resource_of_sloth_is_the_same(project: Project, document: dict[str, Any]) -> None:
    assert uses(imported(project, document)) == [ARGUMENTS]


def slo(**changes: Any) -> dict[str, Any]:
    return {**SLOTH["slos"][0], "alerting": {}, **changes}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"sli": {"plugin": {"id": "a/b"}}}, "its queries come from the plugin `a/b`; write them out"),
        ({"sli": {}}, "it has no `error_query` and `total_query`"),
        ({"objective": 100}, "its objective, 100 %, is not between 0 and 100 %"),
        ({"objective": "high"}, "its objective is no number"),
        ({"sli": {"events": {**EVENTS, "error_query": "sum(("}}}, "its query does not parse: `sum((`"),
        ({"sli": {"events": {**EVENTS, "total_query": "x[{{.period}}]"}}}, "its query has the template `{{.period}}`"),
    ],
)  # fmt: skip
def test_what_cannot_be_an_objective_is_left_out_and_named(
    project: Project, changes: dict[str, Any], reason: str
) -> None:
    answer = imported(project, {**SLOTH, "slos": [slo(), slo(name="other", **changes)]})
    assert len(uses(answer)) == 1
    assert [one["what"] for one in answer["results"][0]["dropped"]] == [f"the objective `other`: {reason}"]
    alone = imported(project, {**SLOTH, "slos": [slo(name="other", **changes)]})
    assert [one["rule"] for one in alone["problems"]] == ["import/objectives"]


def test_a_ratio_is_an_objective_of_times(project: Project) -> None:
    raw = {"raw": {"error_ratio_query": "1 - avg(avg_over_time(quality[{{.window}}]))"}}
    [arguments] = uses(imported(project, {**SLOTH, "slos": [slo(sli=raw)]}))
    assert arguments["errors"] == "(1 - avg(avg_over_time(quality[$window]))) >= 0"
    assert arguments["total"] == "((1 - avg(avg_over_time(quality[$window]))) >= 0) * 0 + 1"


def metric(query: str) -> dict[str, Any]:
    return {"metricSource": {"type": "Prometheus", "spec": {"query": query}}}


def openslo(**spec: Any) -> dict[str, Any]:
    indicator = {
        "spec": {
            "ratioMetric": {
                "counter": True,
                "good": metric("sum(good_total)"),
                "total": metric("sum(all_total)"),
            }
        }
    }
    return {
        "apiVersion": "openslo/v1",
        "kind": "SLO",
        "metadata": {"name": "web-availability", "displayName": "Pages", "labels": {"team": ["a", "b"]}},
        "spec": {"service": "web", "indicator": indicator, "objectives": [{"target": 0.995}], **spec},
    }


RATIO = {
    "errors": "(sum(rate(all_total[$window]))) - (sum(rate(good_total[$window])))",
    "total": "sum(rate(all_total[$window]))",
}
BAD = {"spec": {"ratioMetric": {"counter": False, "bad": metric("sum(bad)"), "total": metric("sum(all)")}}}
SLI = {
    "apiVersion": "openslo/v1",
    "kind": "SLI",
    "metadata": {"name": "ratio"},
    "spec": openslo()["spec"]["indicator"]["spec"],
}
THRESHOLD = {"spec": {"thresholdMetric": metric("avg(wait_seconds)")}}


@pytest.mark.parametrize(
    ("spec", "arguments"),
    [
        ({}, {"objective": 99.5, "labels": {"team": "a,b"}, **RATIO}),
        ({"objectives": [{"targetPercent": 99}]}, {"objective": 99}),
        ({"timeWindow": [{"duration": "4w", "isRolling": True}]}, {"period": "28d"}),
        ({"indicator": BAD}, {"errors": "sum(sum_over_time(bad[$window]))", "total": "sum(sum_over_time(all[$window]))"}),
        ({"indicator": THRESHOLD, "objectives": [{"op": "lte", "value": 5, "target": 0.9}]},
         {"errors": "count_over_time(((avg(wait_seconds)) > 5)[$window:1m])", "total": "count_over_time((avg(wait_seconds))[$window:1m])"}),
    ],
)  # fmt: skip
def test_an_slo_of_openslo_becomes_a_use(
    project: Project, spec: dict[str, Any], arguments: dict[str, Any]
) -> None:
    [own] = uses(imported(project, openslo(**spec)))
    assert own["name"] == "web_availability"
    assert {key: own.get(key) for key in arguments} == arguments


def test_objectives_of_one_service_share_a_dashboard_and_indicators_may_be_elsewhere(
    project: Project,
) -> None:
    referring = openslo(
        indicatorRef="ratio", objectives=[{"target": 0.9}, {"target": 0.99, "displayName": "Great"}]
    )
    del referring["spec"]["indicator"]
    own = uses(imported(project, referring, SLI, {**openslo(), "metadata": {"name": "other"}}))
    assert [one["name"] for one in own] == ["web_availability_1", "web_availability_2", "web_other"]
    assert [one["title"] for one in own] == ["Pages", "Pages Great", "other"]
    assert all({**one, **RATIO} == one for one in own)


@pytest.mark.parametrize(
    ("spec", "lost"),
    [
        ({"budgetingMethod": "Timeslices"}, "`budgetingMethod: Timeslices`: every event counts the same now"),
        ({"alertPolicies": ["a"]}, "`alertPolicies`: the alerts are those of std/slo"),
        ({"timeWindow": [{"duration": "3h"}]}, "the period `3h`: it is 30d now"),
        ({"timeWindow": [{"duration": "1w", "calendar": {"timeZone": "UTC"}}]}, "`calendar`: the period ends now, at any time, and does not begin anew"),
    ],
)  # fmt: skip
def test_what_has_no_place_is_named(project: Project, spec: dict[str, Any], lost: str) -> None:
    answer = imported(project, openslo(**spec))
    assert [one["what"] for one in answer["results"][0]["dropped"]] == [lost]


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ({"indicatorRef": "nothing", "indicator": None}, "its indicator `nothing` is in none of the files"),
        ({"indicator": {"spec": {"ratioMetric": {"good": metric(""), "total": metric("x")}}}}, "a metric of it has no `query`"),
        ({"indicator": {"spec": {"ratioMetric": {"total": {"metricSource": {"type": "Datadog", "spec": {"query": "x"}}}}}}},
         "its metrics are those of `Datadog`, and not of Prometheus"),
        ({"indicator": THRESHOLD}, "its threshold has no `op` and `value`"),
    ],
)  # fmt: skip
def test_an_slo_without_queries_for_prometheus_is_named(
    project: Project, spec: dict[str, Any], reason: str
) -> None:
    document = openslo(**spec)
    document["spec"] = {key: value for key, value in document["spec"].items() if value is not None}
    [problem] = imported(project, document)["problems"]
    assert problem["message"].endswith(reason)


def test_another_prometheus_is_named_in_the_uses(project: Project) -> None:
    project.write(
        "specs/sources.yaml",
        "kind: DataSources\ndatasources: {metrics: {type: prometheus, url: 'http://p:9090'}}\n",
    )
    [arguments] = uses(imported(project, openslo()))
    assert arguments["datasource"] == "metrics"


@pytest.mark.external
def test_what_was_imported_builds_and_promtool_accepts_it(project: Project, promtool: Promtool) -> None:
    raw = slo(name="raw", sli={"raw": {"error_ratio_query": "1 - avg(avg_over_time(quality[{{.window}}]))"}})
    project.write("a.yml", yaml.safe_dump({**SLOTH, "slos": [*SLOTH["slos"], raw]}))
    project.write("b.yml", yaml.safe_dump(openslo(indicator=BAD)))
    assert project.run("import", "a.yml", "b.yml", "--out", "specs").code == 0
    assert project.build().diagnostics == []
    files = sorted((project.output / "rules/prometheus").glob("*.yaml"))
    assert len(files) == 9
    for file in files:
        checked = promtool(project.root, "check", "rules", str(file))
        assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("rate(x[{{.window}}])", "rate(x[$window])"),
        ("rate(x[5m]) + rate(y[5m] offset 1h)", "rate(x[$window]) + rate(y[$window] offset 1h)"),
        ('rate(x{a="[5m]"}[5m])', 'rate(x{a="[5m]"}[$window])'),
        ("sum_over_time(count(x)[1h:1m])", "sum_over_time(count(x)[$window:1m])"),
        ("sum(x) / count(y)", "sum(rate(x[$window])) / count(rate(y[$window]))"),
        ('sum by (a) ({__name__="x"})', 'sum by (a) (rate({__name__="x"}[$window]))'),
    ],
)
def test_a_query_gets_a_window(query: str, expected: str) -> None:
    assert windowed(query) == expected


@pytest.mark.parametrize("query", ["rate(x[5m]) + rate(x[1h])", "sum(", "", "x[{{.other}}]"])
def test_a_query_without_one_window_is_refused(query: str) -> None:
    with pytest.raises(UnfitQueryError):
        windowed(query)


@pytest.mark.parametrize(
    ("parts", "name"),
    [(("web", "web-latency"), "web_latency"), (("k8s-api", "fast"), "k8s_api_fast"), (("9", "x"), "slo_9_x"), (("", "Ä"), "slo")],
)  # fmt: skip
def test_names_are_those_of_series(parts: tuple[str, ...], name: str) -> None:
    assert series_name(*parts) == name


@pytest.mark.parametrize(
    "data", [{}, {"slos": None}, {"slos": [{}]}, {"slos": ["x"]}, {"slos": [{"sli": [], "alerting": 5}]}]
)
def test_no_file_is_too_strange(data: dict[str, Any]) -> None:
    assert all(isinstance(one, str) for one in sloth_objectives(data, Notes()))
