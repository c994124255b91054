"""Queries get the same checks wherever they stand: in panels, annotations, variables, alert and recording rules."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from dashgen.core.diagnostics import Diagnostic
from tests.alert_support import CONTEXT, group_with
from tests.alert_support import settled as settled_rules
from tests.project.project import new_project
from tests.settle.settling import context, described, settled

SERIES = described("http_requests_total", "queue_depth")
VARIABLE = "variables: [{name: s, query: 'label_values(http_requests_total, service)'}]\n"
QUERIES = [
    ("sum(queue_depth", "query/syntax"),
    ("rate(http_requests_total)", "query/syntax"),
    ("sum by service (queue_depth)", "query/syntax"),
    ("queue_dept", "query/metric"),
    ("sum(queue_depth) / sum(nosuch)", "query/metric"),
    ("queue_depth", ""),
    ('http_requests_total{service="a"}', ""),
]


def rules(problems: list[Diagnostic]) -> list[str]:
    return [problem.rule for problem in problems]


def dashboard_rules(body: str) -> list[str]:
    return rules(settled(body, context(described=SERIES))[1])


@pytest.mark.parametrize(("query", "rule"), QUERIES)
def test_a_query_has_the_same_fault_in_every_place(query: str, rule: str) -> None:
    expected = [rule] if rule else []
    assert dashboard_rules(f"panels: [{{title: T, query: '{query}'}}]\n") == expected
    assert dashboard_rules(f"annotations: [{{name: a, query: '{query}'}}]\n") == expected
    assert dashboard_rules(f"variables: [{{name: v, query: 'query_result({query})'}}]\n") == expected
    given = replace(CONTEXT, contract=SERIES)
    for written in (
        f"- {{alert: T, query: '{query}', when: above 1}}",
        f"- {{alert: T, queries: [{{query: '{query}'}}], when: above 1}}",
        f"- {{alert: T, queries: {{A: '{query}'}}, when: above 1}}",
        f"- {{alert: T, queries: {{A: {{query: '{query}'}}}}, when: above 1}}",
        f"- {{record: 'a:b', query: '{query}'}}",
    ):
        assert rules(settled_rules(group_with(written + "\n"), given)[1]) == expected, written


def test_a_fault_is_at_its_character_in_every_place() -> None:
    _, problems = settled("annotations: [{name: a, query: 'up + sum(('}]\n", context())
    assert [str(problem.location) for problem in problems] == ["spec.yaml:4:42"]
    text = group_with("- {alert: T, queries: {A: 'up + sum(('}, when: above 1}\n")
    _, problems = settled_rules(text)
    assert [str(problem.location) for problem in problems] == ["specs/test.yaml:5:39"]


@pytest.mark.parametrize(
    ("query", "result"),
    [
        ("label_values(http_requests_total, service)", []),
        ("label_values(service)", []),
        ('label_values(http_requests_total{code=~"5.."}, service)', []),
        ("label_names()", []),
        ("metrics(http_.*)", []),
        ('http_requests_total{code="500"}', []),
        ("query_result(sum(queue_depth))", []),
        ("label_values($s, service)", []),
        ("label_value(http_requests_total, service)", ["query/syntax: there is no `label_value` for variables"]),
        ("label_values(http_request_total, service)", ["query/metric: the metric `http_request_total` is in no `Metrics` spec"]),
        ('label_values(queue_depth{a="$nope"}, b)', ["query/variable: there is no variable `$nope`", "query/label: `queue_depth` has no label `b`"]),
        ("query_result(sum(queue_depth)", ["query/syntax: `(` is never closed"]),
        ("query_result(sum(queue_depth", ["query/syntax: `query_result(` is not closed"]),
        ("label_values()", ["query/syntax: `label_values` needs an argument"]),
        ("label_values(queue_depth, )", ["query/syntax: the label is missing"]),
        ("sum(queue_depth)", ["query/syntax: `sum(…)` is not a query for a variable"]),
    ],
)  # fmt: skip
def test_the_query_of_a_variable_is_one_of_grafanas_calls(query: str, result: list[str]) -> None:
    body = f"variables: [{{name: s, type: textbox}}, {{name: v, query: '{query}'}}]\n"
    _, problems = settled(body, context(described=SERIES))
    assert [f"{problem.rule}: {problem.message}" for problem in problems] == result


@pytest.mark.parametrize(
    ("query", "result"),
    [
        ("label_values(app)", []),
        ('label_values({app="a"}, level)', []),
        ("label_names()", []),
        ('label_values({app="a", level)', ["query/syntax"]),
        ('{app="a"}', ["query/syntax"]),
    ],
)
def test_the_query_of_a_variable_of_loki_has_two_calls(query: str, result: list[str]) -> None:
    _, problems = settled(f"variables: [{{name: v, datasource: loki, query: '{query}'}}]\n")
    assert rules(problems) == result


@pytest.mark.parametrize(
    ("variables", "messages"),
    [
        ("[{name: c, type: custom, values: [a, b], default: zzz}]", ["`zzz` is not among the values of `c`"]),
        ("[{name: c, type: custom, values: [a, b], default: [a, b]}]", ["`c` has one value, not a list of them"]),
        ("[{name: c, type: custom, values: [a, b], multi: true, default: [a, zzz]}]", ["`zzz` is not among the values of `c`"]),
        ("[{name: c, type: custom, values: [a, b], default: all}]", ["`c` does not offer `all`"]),
        ("[{name: c, type: interval, values: [1m, 5m], default: 2m}]", ["`2m` is not among the values of `c`"]),
        ("[{name: c, type: custom, values: {A: a, B: b}, default: b}]", []),
        ("[{name: c, type: custom, values: [a], include_all: true, default: all}]", []),
        ("[{name: c, type: custom, values: [a, b], multi: true, default: [a, b]}]", []),
        ("[{name: c, query: label_values(service), default: zzz}]", []),
        ("[{name: c, type: textbox, default: zzz}]", []),
        ("[{name: c, type: interval, values: [1m], auto: true, default: auto}]", []),
    ],
)  # fmt: skip
def test_a_variable_starts_with_one_of_its_values(variables: str, messages: list[str]) -> None:
    _, problems = settled(f"variables: {variables}\n")
    assert [(problem.rule, problem.message) for problem in problems] == [
        ("variable/default", m) for m in messages
    ]


def test_variables_that_wait_for_each_other_are_an_error_at_each_of_them() -> None:
    _, problems = settled(
        "variables:\n"
        "  - {name: a, query: 'label_values(up{b=\"$b\"}, a)'}\n"
        "  - {name: b, query: 'label_values(up{c=\"${c:regex}\"}, b)'}\n"
        "  - {name: c, type: custom, values: ['$a']}\n"
        "  - {name: d, query: 'label_values(up{a=\"$a\"}, d)'}\n"
        "  - {name: e, query: 'label_values(up{a=\"$e\"}, e)'}\n"
    )
    assert [(problem.rule, problem.message) for problem in problems] == [
        ("variable/cycle", "`$a` needs itself: `$a` → `$b` → `$c` → `$a`"),
        ("variable/cycle", "`$b` needs itself: `$b` → `$c` → `$a` → `$b`"),
        ("variable/cycle", "`$c` needs itself: `$c` → `$a` → `$b` → `$c`"),
        ("variable/cycle", "`$e` needs itself"),
    ]


def test_metrics_that_the_projects_rules_record_are_known(tmp_path: Path) -> None:
    project = new_project(tmp_path)
    project.write("specs/metrics.yaml", "kind: Metrics\nmetrics: {up: {type: gauge, help: Up.}}\n")
    rules_of = "kind: AlertRules\ngroup: g\nfolder: F\nrules:\n  - {record: 'job:up:sum', query: sum(up)}\n"
    project.write("specs/rules.yaml", rules_of + "  - {alert: A, query: 'job:up:sum', when: below 1}\n")
    for uid in ("one", "two"):
        project.write(
            f"specs/{uid}.yaml",
            f"kind: Dashboard\nuid: {uid}\ntitle: {uid}\npanels: [{{title: T, query: 'job:up:sum + nosuch'}}]\n",
        )
    result = project.build().diagnostics
    assert sorted({problem.message for problem in result}) == ["the metric `nosuch` is in no `Metrics` spec"]
