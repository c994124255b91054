"""Every query of a project is found with its asker, and each of its characters at its place."""

from pathlib import Path

import pytest

from dashgen.project.inspection import inspect_project
from dashgen.project.placed_queries import PlacedQuery, SeriesIndex, placed_queries

SPECS = """\
kind: DataSources
datasources:
  prometheus: {url: "http://p:9090", default: true}
  loki: {url: "http://l:3100"}
  tempo: {url: "http://t:3200", traces_to_metrics: {to: prometheus, queries: {Rate: "rate(a_total{$__tags}[5m])"}}}
---
kind: AlertRules
group: g
folder: F
rules:
  - {record: "job:a:rate5m", query: "sum(rate(a_total[5m]))"}
  - {alert: One, query: "sum(rate(a_total[5m]))", when: above 1, summary: S}
  - {alert: Two, queries: {a: "sum(a_total)", b: {query: "sum(b)"}, c: {math: $a / $b}}, when: above 1, summary: S}
---
kind: Components
components:
  rate:
    params: {metric: string}
    panel: {title: "Rate", query: "rate(${{ metric }}[5m])"}
---
kind: Dashboard
title: D
variables:
  - {name: tier, query: "label_values(a_total, tier)"}
annotations:
  - {name: Starts, query: "changes(b[1m]) > 0"}
panels:
  - {title: One, query: "sum(rate(a_total[5m]))"}
  - {title: Two, queries: [{query: "sum(a_total)"}, {query: '{job="x"} | json', datasource: loki}]}
  - {title: Map, queries: {x: "max(a_total)"}}
  - {use: rate, with: {metric: a_total}}
  - {title: Pattern, query: 'sum({__name__=~"a_.*"})'}
  - {title: Variable, query: 'sum(${tier}_total)'}
"""


@pytest.fixture
def queries(tmp_path: Path) -> list[PlacedQuery]:
    (tmp_path / "dashgen.yaml").write_text("specs: [specs]\n", encoding="utf-8")
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/all.yaml").write_text(SPECS, encoding="utf-8")
    return list(placed_queries(inspect_project(tmp_path)))


def test_queries_are_found_wherever_they_are_written(queries: list[PlacedQuery]) -> None:
    assert {(one.asker.kind, one.asker.name, one.role, one.language) for one in queries} == {
        ("panel", "d/one", "query A", "prometheus"),
        ("panel", "d/two", "query A", "prometheus"),
        ("panel", "d/two", "query B", "loki"),
        ("panel", "d/map", "query A", "prometheus"),
        ("panel", "d/rate", "query A", "prometheus"),
        ("panel", "d/pattern", "query A", "prometheus"),
        ("panel", "d/variable", "query A", "prometheus"),
        ("variable", "d/tier", "query", "prometheus"),
        ("annotation", "d/Starts", "query", "prometheus"),
        ("recording-rule", "job:a:rate5m", "query", "prometheus"),
        ("alert-rule", "One", "query A", "prometheus"),
        ("alert-rule", "Two", "query a", "prometheus"),
        ("alert-rule", "Two", "query b", "prometheus"),
        ("datasource", "tempo", "query Rate", "prometheus"),
    }


def test_a_use_of_a_series_stands_at_its_character(queries: list[PlacedQuery]) -> None:
    lines = SPECS.split("\n")
    shown = {}
    for query, offset in SeriesIndex(queries).uses("a_total"):
        location = query.location(offset)
        assert location.span is not None
        line = lines[location.span.line - 1][location.span.column - 1 :]
        shown[(query.asker.name, query.role)] = line[:8]
    # A pattern, a variable and an argument of a component do not write the name in the query.
    assert shown.pop(("d/pattern", "query A")).startswith("'sum(")
    assert shown.pop(("d/variable", "query A")).startswith("${tier}")
    assert shown.pop(("d/rate", "query A"))
    assert {text[:7] for text in shown.values()} == {"a_total"}
    assert len(shown) == 8


def test_a_series_that_no_query_names_has_no_use(queries: list[PlacedQuery]) -> None:
    index = SeriesIndex(queries)
    assert [use.query.asker.name for use in index.uses("nothing")] == []
    assert [use.query.asker.name for use in index.uses("b_total")] == ["d/variable"]
    assert "job:a:rate5m" not in index.names()
