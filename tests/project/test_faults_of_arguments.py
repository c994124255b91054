"""What is wrong with an argument or a variable is reported once, where it is written, by its name.

In each case `‸` stands before the character, or the value, that the finding has to point at.
"""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from dashgen.core.diagnostics import Diagnostic
from tests.project.project import Project, new_project

MARK = "‸"
SHARED = """\
kind: DataSources
datasources:
  - {name: Prometheus, type: prometheus, uid: prom, url: "http://prometheus:9090", default: true}
  - {name: Loki, type: loki, uid: loki, url: "http://loki:3100"}
---
kind: Metrics
metrics:
  hits_total: {type: counter, help: Hits., labels: {code: ["200", "500"], job: {max: 3}}}
  temperature: {type: gauge, help: Degrees., unit: celsius}
  seconds: {type: histogram, unit: s, help: Durations., labels: {job: {max: 3}}}
---
kind: Components
components:
  rate:
    params:
      metric: {type: string, default: hits_total}
      window: {type: string, default: 5m}
      unit: {type: string, default: reqps}
    panel:
      title: Rate
      unit: ${{ unit }}
      queries:
        - {query: "rate(${{ metric }}[${{ window }}])"}
        - {query: "sum(rate(${{ metric }}[${{ window }}]))"}
  twice:
    params: {series: string}
    row:
      title: Twice
      panels:
        - {use: rate, with: {metric: "${{ series }}"}}
        - {use: rate, title: Again, with: {metric: "${{ series }}"}}
  given:
    params: {queries: list}
    panel: {title: Given, queries: "${{ queries }}"}
  each:
    params: {windows: list}
    panel:
      title: Each
      queries:
        - for_each: {window: "${{ windows }}"}
          query: rate(hits_total[${{ window }}])
  derived:
    params: {app: string}
    vars: {selector: 'hits_total{job="${{ app }}"}', halved: "${{ selector }} / 2"}
    panel: {title: Derived, query: "${{ halved }}"}
  replaced:
    params: {query: string}
    panel: {title: Replaced, query: "${{ query | replace('$window', '5m') }} > 0"}
  braced:
    params: {matchers: {type: string, default: ""}}
    panel: {title: Braced, query: "sum(rate(hits_total${{ '{' ~ matchers ~ '}' if matchers else '' }}[5m]))"}
  lines:
    params: {stream: string}
    panel: {title: Lines, type: logs, datasource: loki, query: "${{ stream }} | json"}
  own:
    params: {unused: {type: string, default: ""}}
    panel: {title: Own, query: "rate(hits_total[5m]"}
  ruled:
    params: {errors: string}
    rule_groups:
      - group: errors
        folder: Shop
        rules:
          - {record: "errors:rate5m", query: "sum(${{ errors }})"}
          - {alert: Errors, query: "sum(${{ errors }})", when: above 3, for: 5m, summary: Errors., severity: warning}
"""


class Case(NamedTuple):
    """A dashboard's keys, or those of the project's file, with a mark, and the finding that it means."""

    rule: str
    brought_by: str
    keys: str
    project: str = ""
    environment: str | None = None


CASES = {
    "a bracket left open in a folded query": Case("query/syntax", "the argument `errors` of `std/slo`", """\
rows:
  - use: std/slo
    with:
      name: shop
      errors: >-
        sum(hits_total{code="500"})
        + sum‸(rate(hits_total{code="500"}[$window])
      total: sum(rate(hits_total[$window]))
"""),
    "a brace that the component's text closes wrongly": Case("query/syntax", "the argument `requests` of `std/red`", """\
rows:
  - use: std/red
    with: {requests: 'hits_total‸{job="shop"', errors: 'hits_total{code="500"}', duration: seconds}
"""),
    "an escaped quote left open": Case("query/syntax", "the argument `matchers` of `std/red`", """\
rows:
  - use: std/red
    with: {requests: hits_total, errors: 'hits_total{code="500"}', duration: seconds, matchers: "job=‸\\"shop"}
"""),
    "a pattern that RE2 refuses": Case("query/syntax", "the argument `errors` of `std/red`", """\
rows:
  - use: std/red
    with: {requests: hits_total, errors: 'hits_total{code=~‸"5["}', duration: seconds}
"""),
    "a query that reads by itself as little": Case("query/syntax", "the argument `metric` of `rate`", """\
panels:
  - {use: rate, with: {metric: "hits_total ‸hits_total"}}
"""),
    "a window": Case("query/syntax", "the argument `window` of `rate`", """\
panels:
  - {use: rate, with: {window: ‸5mm}}
"""),
    "a metric that no spec has": Case("query/metric", "the argument `query` of `replaced`", """\
panels:
  - use: replaced
    with:
      query: >-
        sum(rate(hits_total{job="a"}[5m])) +
        sum(rate(‸hit_total[5m]))
"""),
    "a gauge where a counter is needed": Case("query/rate", "the argument `metric` of `rate`", """\
panels:
  - {use: rate, with: {metric: ‸temperature}}
"""),
    "a label that the metric does not have": Case("query/label", "the argument `matchers` of `braced`", """\
panels:
  - {use: braced, with: {matchers: 'job="a", ‸jobb="b"'}}
"""),
    "a unit": Case("panel/unit", "the argument `unit` of `rate`", """\
panels:
  - {use: rate, with: {unit: ‸requests}}
  - {title: Fine, query: temperature}
"""),
    "an argument that goes through two components": Case("query/syntax", "the argument `series` of `twice`", """\
rows:
  - {use: twice, with: {series: 'hits_total‸{job="a"'}}
"""),
    "a loop around the use": Case("query/syntax", "the loop variable `name`", """\
panels:
  - for_each: {name: [hits_total, "hits_total‸{"]}
    use: rate
    title: Rate ${{ name }}
    with: {metric: "${{ name }}"}
"""),
    "an argument with a part from a loop": Case("query/metric", "the argument `metric` of `rate`", """\
panels:
  - for_each: {job: [a, b]}
    use: rate
    title: Rate ${{ job }}
    with: {metric: '‸hit_total{job="${{ job }}"}'}
"""),
    "the value of an entry in a loop": Case("query/syntax", "the loop variable `one`", """\
panels:
  - for_each: {one: {a: hits_total, b: "hits_total‸{"}}
    use: rate
    title: Rate ${{ one.key }}
    with: {metric: "${{ one.value }}"}
"""),
    "the key of an entry in a loop": Case("query/metric", "the loop variable `one`", """\
panels:
  - for_each: {one: {hits_total: a, ‸hit_total: b}}
    title: Rate ${{ one.value }}
    query: rate(${{ one.key }}[5m])
"""),
    "an item of a loop over an argument": Case("query/syntax", "the argument `windows` of `each`", """\
panels:
  - {use: each, with: {windows: [5m, ‸5mm]}}
"""),
    "a part of an argument that is a list": Case("query/syntax", "the argument `queries` of `given`", """\
panels:
  - {use: given, with: {queries: [{query: temperature}, {query: "hits_total‸{"}]}}
"""),
    "what a component computes from an argument": Case("query/syntax", "the argument `app` of `derived`", """\
panels:
  - {use: derived, with: {app: 'shop‸"'}}
"""),
    "an argument with a part replaced": Case("query/metric", "the argument `query` of `replaced`", """\
panels:
  - {use: replaced, with: {query: "rate(hits_total[$window]) + rate(‸hit_total[$window])"}}
"""),
    "a selector of log lines": Case("query/syntax", "the argument `stream` of `lines`", """\
panels:
  - {use: lines, with: {stream: '‸{app="shop"'}}
"""),
    "rules that a component brings": Case("query/syntax", "the argument `errors` of `ruled`", """\
panels:
  - {use: ruled, with: {errors: "rate‸(hits_total[5m]"}}
  - {title: Fine, query: temperature}
"""),
    "a default": Case("query/syntax", "the default of `metric` in `local`", """\
panels:
  - {use: local}
---
kind: Components
components:
  local:
    params: {metric: {type: string, default: "hits_total‸{"}}
    panel: {title: Local, query: "rate(${{ metric }}[5m])"}
"""),
    "a variable of the document": Case("query/syntax", "the variable `shop`", """\
vars: {shop: 'hits_total‸{job="a"'}
panels:
  - {title: One, query: "sum(${{ shop }})"}
  - {title: Two, query: "max(${{ shop }})"}
"""),
    "a variable of the project": Case("query/syntax", "the variable `shop`", """\
panels:
  - {title: One, query: "sum(${{ shop }})"}
  - {title: Two, query: "max(${{ shop }})"}
""", "vars: {shop: 'hits_total‸{job=\"a\"'}\n"),
    "a variable of an environment": Case("query/syntax", "the variable `window`", """\
panels:
  - {title: One, query: "rate(hits_total[${{ window }}])"}
  - {title: Two, query: "sum(rate(hits_total[${{ window }}]))"}
""", "vars: {window: 5m}\nenvironments: {prod: {vars: {window: ‸5mm}}}\n", "prod"),
    "an argument of the wrong type, through a component": Case("component/argument", "the argument `limit` of `local`", """\
panels:
  - {use: local, with: {limit: ‸much}}
---
kind: Components
components:
  local: {params: {limit: any}, panel: {use: other, with: {limit: "${{ limit }}"}}}
  other: {params: {limit: number}, panel: {title: Local, query: "temperature > ${{ limit }}"}}
"""),
}  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = new_project(tmp_path)
    for path in (tmp_path / "specs").glob("*"):
        path.unlink()
    project.write("specs/shared.yaml", SHARED)
    return project


def dashboard(keys: str) -> str:
    return f"kind: Dashboard\nuid: shop\ntitle: Shop\nfolder: Shop\n{keys}"


def written(project: Project, case: Case) -> str:
    """The case in the project's files; the place of its mark, as a clickable location."""
    place = ""
    texts = {"specs/shop.yaml": dashboard(case.keys), "dashgen.yaml": f"specs: [specs]\n{case.project}"}
    for name, text in texts.items():
        project.write(name, text.replace(MARK, ""))
        for number, line in enumerate(text.split("\n"), start=1):
            if MARK in line:
                place = f"{name}:{number}:{line.index(MARK) + 1}"
    return place


def told(findings: list[Diagnostic]) -> list[tuple[str, str, str]]:
    return [(str(one.location), one.rule, one.brought_by) for one in findings]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_mistake_in_an_argument_or_variable_stands_once_where_it_is_written(
    project: Project, case: Case
) -> None:
    place = written(project, case)
    findings = project.build(environment=case.environment).diagnostics
    assert told(findings) == [(place, case.rule, case.brought_by)]
    assert findings[0].message.startswith(f"{case.brought_by}: ")
    assert findings[0].related


def test_what_is_wrong_with_the_component_itself_stays_in_the_component(project: Project) -> None:
    project.write("specs/shop.yaml", dashboard("panels: [{use: own, with: {unused: a}}]\n"))
    findings = project.build().diagnostics
    line = SHARED.split("\n").index('    panel: {title: Own, query: "rate(hits_total[5m]"}') + 1
    assert told(findings) == [(f"specs/shared.yaml:{line}:37", "query/syntax", "")]
    assert [note.message for note in findings[0].related] == ["used here"]


def test_the_way_through_two_components_is_shown(project: Project) -> None:
    place = written(project, CASES["an argument that goes through two components"])
    shown = project.run("build").err
    assert shown.count("error[") == 1
    assert (
        f"error[query/syntax]: the argument `series` of `twice`: `{{` is never closed\n  --> {place}\n"
        in shown
    )
    assert "= passed on as the argument `metric` of `rate`: specs/shared.yaml:" in shown
    assert "= used in this text: specs/shared.yaml:" in shown
    assert "= used here: specs/shop.yaml:6:5" in shown


@pytest.mark.parametrize(
    "line",
    [
        "  - use: rate\n    with:\n      # dashgen: ignore panel/unit: theirs\n      unit: requests\n",
        "  # dashgen: ignore panel/unit: theirs\n  - {use: rate, with: {unit: requests}}\n",
    ],
)
def test_a_comment_at_the_argument_or_the_use_ignores_the_finding(project: Project, line: str) -> None:
    project.write("specs/shop.yaml", dashboard(f"panels:\n{line}"))
    assert told(project.build().diagnostics) == []


def test_a_lint_rule_points_into_an_argument_once(project: Project) -> None:
    case = Case(
        "query/needless-regex", "", "panels:\n  - {use: rate, with: {metric: 'hits_total{code‸=~\"500\"}'}}\n"
    )
    place = written(project, case)
    findings = json.loads(project.run("lint", "--select", case.rule, "--format", "json").out)["diagnostics"]
    shown = [(one["location"], one["message"]) for one in findings if one["rule"] == case.rule]
    assert [f"{where['file']}:{where['line']}:{where['column']}" for where, _ in shown] == [place]
    assert shown[0][1] == "the argument `metric` of `rate`: `=~` with the plain text `500` is `=`"
