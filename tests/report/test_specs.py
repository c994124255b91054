"""Reports in specs: components, loops, environments, lint, and panels that become pictures."""

import builtins
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from dashgen.doctor.live.run_queries import Servers
from dashgen.project.inspection import inspect_project
from dashgen.project.lint.lint_project import LintOptions, lint_subjects, read_specs, rules_of, selection_of
from dashgen.project.placed_queries import placed_queries
from dashgen.report.draw_charts import WIDTH
from dashgen.report.report_book import open_book
from dashgen.report.report_result import ChartResult
from dashgen.workspace.workspace import open_workspace
from tests.grafana.fake import FakeGrafana
from tests.grafana.support import connect
from tests.report.evaluated_servers import Evaluated, evaluated_servers
from tests.report.report_project import evaluate, figure, only_figure, write_report

COMPONENTS = """
kind: Components
components:
  cost:
    params: {model: string}
    figure: {title: "Cost of ${{ model }}", query: 'sum(increase(app_cost_total{model="${{ model }}"}[$__range]))'}
  costs:
    section: {title: Costs, figures: [{use: cost, with: {model: all}}]}
"""
DASHBOARD = """
kind: Dashboard
uid: home
title: Home
datasource: prometheus
variables: [{name: tier, type: custom, values: [free, pro]}]
panels:
  - {title: Rate, key: rate, query: 'sum(rate(app_signups_total{tier="$tier"}[5m]))'}
  - {title: Lines, key: lines, type: logs, datasource: loki, query: '{app="shop"}'}
"""


def test_components_and_loops_stand_for_figures_and_sections(tmp_path: Path) -> None:
    sections: list[dict[str, Any]] = [
        {
            "title": "Models",
            "figures": [{"use": "cost", "with": {"model": "${{ item }}"}, "for_each": ["a", "b"]}],
        },
        {"use": "costs"},
    ]
    book = write_report(tmp_path, sections, COMPONENTS)
    titles = [part.spec.title for part in book.reports[0].parts()]
    assert titles == ["Cost of a", "Cost of b", "Cost of all"]


def test_environments_change_a_report(tmp_path: Path) -> None:
    (tmp_path / "dashgen.yaml").write_text("specs: [specs]\nenvironments: {staging: {}, prod: {}}\n", "utf-8")
    overlays = {"staging": {"recipients": ["staging@example.com"], "schedule": "daily at 09:00"}}
    write_report(
        tmp_path,
        [{"title": "S", "text": "hello"}, {"title": "Prod only", "text": "x", "when_env": "prod"}],
        recipients=["ops@example.com"],
        schedule="daily at 07:00",
        overlays=overlays,
    )
    found = {env: open_book(tmp_path, env).reports[0] for env in ("staging", "prod")}
    assert found["staging"].recipients == ("staging@example.com",)
    assert found["staging"].spec.schedule == "daily at 09:00"
    assert [len(found[env].sections) for env in ("staging", "prod")] == [1, 2]


def test_a_report_with_a_mistake_in_a_component_says_where_it_was_used(tmp_path: Path) -> None:
    wrong = COMPONENTS.replace("sum(increase(", "sum(increase")
    with pytest.raises(AssertionError):
        write_report(tmp_path, [{"title": "S", "figures": [{"use": "cost", "with": {"model": "a"}}]}], wrong)
    book = open_book(tmp_path, None)
    [fault] = book.faults(book.reports)
    assert fault.location is not None
    assert (fault.rule, fault.location.file) == ("query/syntax", "specs/others.yaml")
    assert fault.related


def test_lint_looks_at_the_queries_of_reports(tmp_path: Path) -> None:
    write_report(
        tmp_path, [{"title": "S", "figures": [figure('sum(increase(app_total{a=~"b"}[$__range]))')]}]
    )
    workspace = open_workspace(tmp_path)
    settings = workspace.project.lint
    selection = selection_of(
        LintOptions(select=["query/needless-regex"]), settings, rules_of(workspace.root, settings)
    )
    found = lint_subjects(read_specs(workspace, workspace.spec_files()), selection)
    assert [
        (one.diagnostic.rule, one.diagnostic.location.file) for one in found if one.diagnostic.location
    ] == [("query/needless-regex", "specs/report.yaml")]
    [query] = placed_queries(inspect_project(tmp_path))
    assert query.asker == ("report", "daily/Signups", "daily")


@pytest.fixture
def charts(tmp_path: Path) -> Iterator[Sequence[ChartResult]]:
    known = Evaluated()
    for tier in ("free", "pro"):
        known.count("app_signups_total", "2026-11-28T00:00+04:00", "2026-11-30T08:00+04:00", 1, tier=tier)
    sections: list[Mapping[str, Any]] = [
        {
            "title": "S",
            "charts": [
                {"panel": "home/rate", "variables": {"tier": "pro"}, "height": 200},
                {"panel": "home/lines", "title": "What happened"},
            ],
        }
    ]
    book = write_report(tmp_path, sections, DASHBOARD, compare=[])  # type: ignore[arg-type]
    with evaluated_servers(known) as (servers, prometheus, _):
        yield evaluate(book, servers, draws=True).sections[0].charts
        queries = [one.fields["query"][0] for one in prometheus.log if one.path.endswith("query_range")]
        assert 'sum(rate(app_signups_total{tier="pro"}[5m]))' in queries


def test_a_panel_becomes_a_picture_with_the_chosen_variables(charts: Sequence[ChartResult]) -> None:
    rate, lines = charts
    assert (rate.title, rate.size, rate.note) == ("Rate", (WIDTH, 200), "")
    assert rate.png.startswith(b"\x89PNG")
    assert (lines.title, lines.note) == ("What happened", "not drawn: it shows lines, not numbers")


def test_a_report_without_resvg_says_that_its_charts_are_not_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "resvg_py":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.delitem(sys.modules, "resvg_py", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    known = Evaluated()
    known.count("app_signups_total", "2026-11-28T00:00+04:00", "2026-11-30T08:00+04:00", 1, tier="free")
    book = write_report(tmp_path, [{"title": "S", "charts": [{"panel": "home/rate"}]}], DASHBOARD, compare=[])
    with evaluated_servers(known) as (servers, _, _):
        [chart] = evaluate(book, servers, draws=True).sections[0].charts
    assert chart.png == b""
    assert "pip install -e '.[pictures]'" in chart.note


def test_a_chart_whose_query_fails_or_has_no_data_says_so(tmp_path: Path) -> None:
    known = Evaluated()
    book = write_report(tmp_path, [{"title": "S", "charts": [{"panel": "home/rate"}]}], DASHBOARD, compare=[])
    with evaluated_servers(known) as (servers, _, _):
        [chart] = evaluate(book, servers, draws=True).sections[0].charts
        assert chart.note == "no data"
        known.broken["app_signups_total"] = "too expensive"
        result = evaluate(book, servers, draws=True)
    assert result.sections[0].charts[0].note == "not drawn: a query failed"
    assert [one.subject for one in result.failures] == ["Rate"]


def test_a_grafana_answers_where_no_server_is_named(tmp_path: Path) -> None:
    def frame(value: float, at: int = 1795982400000) -> dict[str, Any]:
        fields = [{"type": "time"}, {"type": "number", "labels": {"tier": "pro"}}]
        return {"schema": {"fields": fields}, "data": {"values": [[at], [value]]}}

    query = "max(app_users)"
    book = write_report(tmp_path, [{"title": "S", "figures": [figure(query)]}], compare=[])
    with FakeGrafana() as fake, connect(fake) as grafana:
        grafana.data_sources.create(
            {"uid": "prometheus", "name": "P", "type": "prometheus", "access": "proxy"}
        )
        fake.store.frames[query] = [frame(42)]
        fake.store.frames["count by (job) (app_users)"] = [frame(1, 1795950000000)]
        result = evaluate(book, Servers(grafana=grafana))
    one = only_figure(result)
    assert (one.value.number, one.value.labels) == (42, {"tier": "pro"})
    queries = [entry.json for entry in fake.log if entry.json and "queries" in entry.json]
    [sent] = [one for one in queries if one["queries"][0]["expr"] == query]
    assert (sent["from"], sent["to"]) == ("1795896000000", "1795982400000")
    assert sent["queries"][0]["instant"] is True


IN_TABS = """
kind: Dashboard
uid: tabs
title: Tabs
datasource: prometheus
variables: [{name: tier, type: custom, values: [free, pro]}]
tabs:
  - title: A
    variables: [{name: window, type: custom, values: [10m, 1h]}]
    rows:
      - title: R
        collapsed: true
        variables: [{name: tier, type: custom, values: [pro, free]}]
        panels: [{title: Rate, query: 'sum(rate(app_signups_total{tier="$tier"}[$window]))'}]
"""


def test_a_chart_has_the_variables_of_the_sections_around_its_panel(tmp_path: Path) -> None:
    (tmp_path / "dashgen.yaml").write_text("specs: [specs]\nformat: v2\ngrafana: '13.3'\n", encoding="utf-8")
    sections = [{"title": "S", "charts": [{"panel": "tabs/rate", "variables": {"window": "1h"}}]}]
    book = write_report(tmp_path, sections, IN_TABS, compare=[])
    with evaluated_servers(Evaluated()) as (servers, prometheus, _):
        evaluate(book, servers, draws=True)
        queries = [one.fields["query"][0] for one in prometheus.log if one.path.endswith("query_range")]
    assert 'sum(rate(app_signups_total{tier="pro"}[1h]))' in queries
