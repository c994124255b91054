"""The values of panels' queries are compared with what tests in a document of rules expect."""

from pathlib import Path

import pytest

from dashgen.project.rule_tests.run_tests import Programs
from dashgen.project.rule_tests.tested_project import compile_environments, run_project_tests
from tests.alert_support import said

SPECS = """
kind: DataSources
datasources: {prometheus: {url: "http://prometheus:9090", default: true}}
---
kind: Dashboard
uid: shop
title: Shop
variables:
  - {name: tier, type: custom, values: [free, pro]}
panels:
  - title: Errors
    queries:
      - {ref: failed, query: 'sum(rate(failed_total{tier=~"$tier"}[$__rate_interval]))'}
      - {ref: all, query: 'sum(increase(all_total[$__range]))'}
      - {ref: share, math: "$failed / $all"}
  - title: Recorded
    query: shop:all:rate5m
---
kind: AlertRules
group: shop
rules:
  - {record: 'shop:all:rate5m', query: 'sum(rate(all_total[5m]))'}
tests:
  - panel: shop/errors
    name: counts the tier that is chosen
    series: {'failed_total{tier="free"}': 0+60x20, 'failed_total{tier="pro"}': 0+6x20}
    variables: {tier: pro}
    expect: {10m: 0.1}
  - {panel: shop/errors, query: all, name: is an hour, series: {all_total: 0+1x90}, expect: {80m: 60}}
  - {panel: shop/recorded, name: reads what rules record, series: {all_total: 0+120x20}, expect: {10m: 2, 0s: {}}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "specs").mkdir()
    (tmp_path / "dashgen.yaml").write_text("specs: [specs]\n", encoding="utf-8")
    return tmp_path


def findings(project: Path, specs: str) -> list[str]:
    (project / "specs/all.yaml").write_text(specs, encoding="utf-8")
    compiled = compile_environments(project, None)
    assert not [one for one in compiled[None].diagnostics if one.severity == "error"]
    (run,) = run_project_tests(project, compiled, (), Programs())
    return said(run.report.diagnostics)


def test_values_of_panels_that_are_right_give_no_finding(project: Path) -> None:
    assert findings(project, SPECS) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("expect: {10m: 0.1}", "expect: {10m: 1}"),
         "test/failed `shop/errors` is 0.1, not 1, at 10m in the test `counts the tier that is chosen` | it has {} 0.1"),
        (("panel: shop/recorded", "panel: shop/recordd"),
         "test/panel there is no panel `shop/recordd` | did you mean `shop/recorded`?"),
        (("query: all, name", "query: al, name"),
         "test/panel the panel `shop/errors` has no query `al` | did you mean `all`?"),
        (("    variables: {tier: pro}\n", ""),
         "test/unsupported `shop/errors` is not tested: the evaluator lacks the variable `$tier` without a value | "),
        (("query: all, name", "query: share, name"),
         "test/unsupported `shop/errors` is not tested: the evaluator lacks expressions of panels | "),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_test_of_a_panel_is_named(
    project: Path, change: tuple[str, str], expected: str
) -> None:
    assert findings(project, SPECS.replace(*change)) == [expected]
