"""Queries that parse and cannot mean what they say, and those that can."""

import pytest
from msgspec.structs import replace

from dashgen.compile.settle.query_text import SoundQueries
from dashgen.core.diagnostics import Diagnostic
from dashgen.model.metrics_spec import Bound, Metric, Metrics
from dashgen.model.series_contract import series_contract
from tests.alert_support import CONTEXT, group_with
from tests.alert_support import settled as settled_rules
from tests.settle.settling import context, settled

CONTRACT = series_contract(
    [
        Metrics(
            metrics={
                "requests_total": Metric(
                    type="counter", help="H", labels={"service": ["a", "b"], "code": Bound(max=9)}
                ),
                "took_seconds": Metric(type="histogram", help="H", labels={"service": ["a", "b"]}),
                "depth": Metric(type="gauge", help="H", labels={"service": ["a", "b"]}),
            },
            log_labels={"shop": ["x", "y"], "path": Bound(max=9)},
            target_labels=["team"],
            ignore=["node_*"],
        )
    ],
    ["service:requests:rate5m"],
)
VARIABLES = """\
variables:
  - {name: many, query: "label_values(depth, service)", multi: true}
  - {name: all, datasource: loki, query: "label_values(shop)", include_all: true, all_value: ".*"}
  - {name: one, type: custom, values: [a, b]}
"""


def findings(panel: str) -> list[Diagnostic]:
    return settled(f"{VARIABLES}panels:\n  - {{title: T, {panel}}}\n", context(described=CONTRACT))[1]


WRONG: list[tuple[str, str, str, str]] = [
    # panel, rule, where the text goes on at the place that is shown, hint
    ("query: 'histogram_quantile(.9, sum by (service) (rate(took_seconds_bucket[5m])))'", "query/quantile",
     "histogram_quantile(", "`le`"),
    ("query: 'rate(depth[5m])'", "query/rate", "depth[5m]", "`deriv`"),
    ("query: 'sum(increase(depth[5m]))'", "query/rate", "depth[5m]", "`deriv`"),
    ("query: 'resets(depth[5m])'", "query/rate", "depth[5m]", "`deriv`"),
    ("query: 'delta(requests_total[5m])'", "query/rate", "requests_total[5m]", "`increase`"),
    ("query: 'predict_linear(took_seconds_count[5m], 60)'", "query/rate", "took_seconds_count[5m]", "`rate`"),
    ("query: requests_total", "query/counter", "requests_total", "rate"),
    ("query: 'sum by (service) (requests_total)'", "query/counter", "requests_total", "rate"),
    ("query: 'took_seconds_count'", "query/counter", "took_seconds_count", "rate"),
    ("query: 'sum by (servcie) (depth)'", "query/label", "servcie", "`service`"),
    ("query: 'sum without (srevice) (depth)'", "query/label", "srevice", "`service`"),
    ("query: 'depth / on (servce) depth'", "query/label", "servce", "`service`"),
    ('query: \'depth{srevice="a"}\'', "query/label", "srevice", "`service`"),
    ('query: \'depth{colour="a"}\'', "query/label", "colour", "metric contract"),
    ('query: \'depth{service="c"}\'', "query/label-value", "service", ""),
    ('query: \'depth{service=~"a|c"}\'', "query/label-value", "service", ""),
    ("query: 'depth[5m]'", "query/result", "depth[5m]", "function"),
    (
        "datasource: loki, query: 'sum(rate({shop=~\"a-$many\"}[1m]))'",
        "query/multi-value",
        "$many",
        "`($many)`",
    ),
    ('query: \'depth{service="$many"}\'', "query/multi-value", '="$many"', "`=~`"),
    ('query: \'depth{service!="${many}"}\'', "query/multi-value", '!="${many}"', "`!~`"),
    ("query: 'sum by (service) (depth)', legend: '{{nope}}'", "query/legend", "nope}}", "`service`"),
    ("query: 'sum(depth)', legend: '{{service}}'", "query/legend", "service}}", "none"),
    ("query: depth, legend: '{{ srevice }}'", "query/legend", "srevice }}", "`service`"),
    ("query: depth, repeat: one", "panel/repeat", "one", "`multi: true`"),
    ("query: 'rate(requests_total[$__interval])'", "query/interval", "$__interval]", "`$__rate_interval`"),
    ("query: 'sum(rate(requests_total[${__interval}]))'", "query/interval", "${__interval}]", ""),
    ("query: nosuch", "query/metric", "nosuch", ""),
    ("type: logs, datasource: loki, query: '{shp=\"x\"}'", "query/label", "shp=", "`shop`"),
    ("type: logs, datasource: loki, query: '{shop=\"z\"}'", "query/label-value", "shop=", ""),
    ("type: logs, datasource: loki, query: '{path=~\"$all\"}'", "query/all", "path=~", "`all_value: .+`"),
    ("datasource: loki, query: '{shop=\"x\"}'", "query/result", "{shop", "count_over_time"),
    ("type: gauge, datasource: loki, query: '{shop=\"x\"}'", "query/result", "{shop", "count_over_time"),
    ("datasource: loki, query: 'rate({shop=\"x\"}[5m] | json)'", "query/stage-order", "| json)", "before"),
    ("query: depth, legend: '{{service'", "query/legend", "{{service", "`}}`"),
    ("query: depth, legend: '{{service}} {{ instance'", "query/legend", "{{ instance", "`}}`"),
    ("query: 'rate(requests_total[5m] anchored)'", "query/feature", "anchored", "`features:` of `versions:`"),
    ("query: 'abs(requests_total fill)'", "query/syntax", "fill", "join the two"),
]  # fmt: skip


@pytest.mark.parametrize(("panel", "rule", "rest", "hint"), WRONG, ids=[case[0] for case in WRONG])
def test_what_a_query_cannot_mean_is_found_at_its_character(
    panel: str, rule: str, rest: str, hint: str
) -> None:
    result = findings(panel)
    assert [problem.rule for problem in result] == [rule], [problem.message for problem in result]
    location = result[0].location
    assert location is not None
    assert location.span is not None
    line = f"  - {{title: T, {panel}}}"
    assert line[location.span.column - 1 :].startswith(rest)
    assert hint in result[0].hint
    assert result[0].hint


RIGHT: list[str] = [
    "query: up",
    "query: go_goroutines",
    "query: shop_build_info",
    "query: 'ALERTS{alertstate=\"firing\"}'",
    'query: "service:requests:rate5m"',
    "query: 'rate(node_cpu_seconds_total{anything=\"x\"}[5m])'",
    "query: 'histogram_quantile(.9, sum by (le, service) (rate(took_seconds_bucket[5m])))'",
    "query: depth",
    "query: 'sum by (service, team, namespace, instance) (rate(requests_total[5m]))'",
    'query: \'depth{service=~"$many", service!~"${one:regex}"}\'',
    "query: 'depth{service=\"$one\"}'",
    "query: 'depth{service=\"$many\"}', repeat: many",
    "query: 'depth{service=~\"a.*|c.*\"}'",
    "query: 'depth{service=\"\"}'",
    "query: 'depth offset 1d', legend: '{{service}} {{instance}}'",
    'query: \'label_replace(depth, "x", "$1", "service", "(.*)")\', legend: \'{{x}}\'',
    'query: \'sum by (x) (label_replace(depth, "x", "$1", "service", "(.*)"))\'',
    "query: 'sum by ($one) (depth)', legend: '{{service}}'",
    "type: stat, query: 'sum(requests_total)'",
    "type: table, query: requests_total",
    "query: 'changes(requests_total[5m])'",
    "query: 'requests_total > bool 0'",
    "query: 'deriv(depth[5m])'",
    "query: 'avg_over_time(depth[$__interval])'",
    'type: logs, datasource: loki, query: \'{shop=~"$all", path="/"}\'',
    'type: logs, datasource: loki, query: \'{shop="x", job="y"}\'',
    "type: table, datasource: loki, query: '{shop=\"x\"}'",
    "datasource: loki, query: '{shop=\"x\"}', transformations: [{extractFields: {}}]",
    "type: table, query: 'depth[5m]'",
]


@pytest.mark.parametrize("panel", RIGHT)
def test_what_a_query_can_mean_is_no_finding(panel: str) -> None:
    assert [problem.message for problem in findings(panel)] == []


@pytest.mark.parametrize(
    ("rule", "finding"),
    [
        ("{alert: A, query: 'depth[5m]', when: above 1}", "query/result"),
        ("{alert: A, query: requests_total, when: above 1}", "query/counter"),
        ("{alert: A, query: 'rate(depth[5m])', when: above 1}", "query/rate"),
        ("{alert: A, datasource: loki, query: '{shop=\"x\"}', when: above 1}", "query/result"),
        ("{record: a, datasource: loki, query: '{shop=\"x\"}'}", "query/result"),
        ("{record: a, query: 'sum by (servcie) (depth)'}", "query/label"),
        ("{alert: A, query: nosuch, when: above 1}", "query/metric"),
        ("{record: 'a.b', query: depth}", "alert/record"),
        ("{alert: A, query: depth, when: above 1, labels: {a.b: c}}", "alert/label"),
    ],
)
def test_rules_mean_something_too(rule: str, finding: str) -> None:
    _, problems = settled_rules(group_with(f"- {rule}\n"), replace(CONTEXT, contract=CONTRACT))
    assert [problem.rule for problem in problems] == [finding]


@pytest.mark.parametrize(
    ("variable", "rest"),
    [
        ('query: "label_values(depth, servce)"', "servce)"),
        ("query: 'label_values(depth{service=\"a\"}, srevice)'", "srevice)"),
        ('query: "label_values(depth or requests_total, cod)"', "cod)"),
        ("datasource: loki, query: 'label_values({shop=\"x\"}, pth)'", "pth)"),
        ('datasource: loki, query: "label_values(shp)"', "shp)"),
        ('query: "label_values(depth, service)"', ""),
        ('query: "label_values(depth, instance)"', ""),
        ('query: "label_values(depth, team)"', ""),
        ('query: "label_values(depth or requests_total, code)"', ""),
        ('query: "label_values(depth or foreign_total, code)"', "foreign_total"),
        ('query: "label_values(service)"', ""),
        ('query: "label_values(depth, $one)"', ""),
        ('datasource: loki, query: "label_values(path)"', ""),
    ],
)
def test_a_variable_takes_the_values_of_a_label_that_is_there(variable: str, rest: str) -> None:
    line = f"  - {{name: v, {variable}}}"
    findings = settled(f"{VARIABLES}{line}\npanels: []\n", context(described=CONTRACT))[1]
    assert len(findings) == bool(rest), findings
    for finding in findings:
        assert finding.location is not None
        assert finding.location.span is not None
        assert line[finding.location.span.column - 1 :].startswith(rest)


@pytest.mark.parametrize(
    ("plugin", "rules"),
    [("prometeus", ["datasource/type"]), ("prometheus", []), ("acme-thing-datasource", []), ("acme", [])],
)
def test_a_misspelt_plugin_of_a_data_source_variable_is_found(plugin: str, rules: list[str]) -> None:
    text = f"variables: [{{name: ds, type: datasource, plugin: {plugin}}}]\npanels: []\n"
    assert [problem.rule for problem in settled(text, context())[1]] == rules


def test_without_a_contract_only_the_query_itself_is_looked_at() -> None:
    assert settled("panels: [{title: T, query: 'rate(anything{x=\"y\"}[5m])'}]\n", context())[1] == []


SAME = CONTRACT, SoundQueries(CONTRACT)


@pytest.mark.parametrize("panel", [line[0] for line in WRONG])
def test_a_build_that_remembers_sound_queries_finds_the_same(panel: str) -> None:
    contract, sound = SAME
    around = f"{VARIABLES}panels:\n  - {{title: T, {panel}}}\n"
    for _ in range(2):
        assert settled(around, context(described=contract, sound=sound))[1] == findings(panel)


@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        ('sum(rate(requests_total{service="a"}[5m]))', 'sum(rate(requests_total{service="c"}[5m]))', "query/label-value"),
        ('depth{service!="a"}', 'depth{service!="other"}', "query/label-value"),
        ('rate(requests_total{code="500"}[5m])', 'rate(requests_total{cod="500"}[5m])', "query/label"),
        ('rate(requests_total{code=~"$many"}[5m])', 'rate(requests_total{code="$many"}[5m])', "query/multi-value"),
        ('rate(requests_total{code="$one"}[5m])', 'rate(requests_total{code="$two"}[5m])', "query/variable"),
        ('rate(requests_total{code="abc"}[5m])', 'sum by (cod) (rate(requests_total{code="abd"}[5m]))', "query/label"),
    ],
)  # fmt: skip
def test_a_sound_query_vouches_for_none_that_differs_in_what_is_checked(
    right: str, wrong: str, rule: str
) -> None:
    remembering = context(described=CONTRACT, sound=SoundQueries(CONTRACT))
    queries = "".join(f"  - {{title: T, type: stat, query: '{query}'}}\n" for query in (right, wrong))
    problems = settled(f"{VARIABLES}panels:\n{queries}", remembering)[1]
    assert [problem.rule for problem in problems] == [rule]
    assert problems[0].location is not None
    assert problems[0].location.span is not None
    assert problems[0].location.span.line == VARIABLES.count("\n") + 6


def test_queries_that_differ_in_a_label_value_are_looked_at_once() -> None:
    sound, calls = SoundQueries(CONTRACT), []
    for service in ("cart", "shop"):
        key = sound.key(f'depth{{code="{service}"}}', "prometheus")
        sound.faults(key, lambda: calls.append(1) or [])
    assert calls == [1]
    assert sound.key('depth{service="aaaa"}', "prometheus") != sound.key(
        'depth{service="bbbb"}', "prometheus"
    )
