"""Every PromQL expression parses, asks only for what the bot exports, and no traffic never shows as NaN."""

import re
from collections.abc import Iterator
from typing import Any

import promql_parser
import pytest

from .conftest import SPECS, Metric, load_yaml, queries_of

_VARIABLES = (
    (re.compile(r"\$__rate_interval|\$__range|\$__interval|\$interval"), "5m"),
    (re.compile(r"\$\{?\w+(?::\w+)?\}?"), "x"),
)
# What rules of shipped components record; tests/library has their own tests.
_SHIPPED = tuple(
    f"{name}:"
    for name in (
        "anomaly",
        "attention",
        "budget",
        "experiment",
        "forecast",
        "funnel",
        "retention",
        "segments",
        "slo",
        "verdict",
    )
)
_PER_USER = {"user_id", "user", "username", "chat_id", "email", "query", "trace_id", "session_id"}


def parse(expr: str) -> Any:
    for pattern, stand_in in _VARIABLES:
        expr = pattern.sub(stand_in, expr)
    return promql_parser.parse(expr)


def nodes(node: Any) -> Iterator[Any]:
    """A node of an expression and all below it."""
    yield node
    for name in ("expr", "lhs", "rhs", "vector_selector", "vs", "param"):
        child = getattr(node, name, None)
        if child is not None and not isinstance(child, str):
            yield from nodes(child)
    for child in getattr(node, "args", None) or []:
        yield from nodes(child)


def selectors(expr: str) -> Iterator[Any]:
    for node in nodes(parse(expr)):
        if isinstance(node, promql_parser.VectorSelector):
            assert node.name, f"a selector without a name: {expr}"
            yield node


def test_every_metric_and_label_is_in_the_contract(
    promql: list[tuple[str, str]], series: dict[str, Metric]
) -> None:
    for place, expr in promql:
        for selector in selectors(expr):
            assert selector.name in series, f"{place}: {selector.name}"
            labels = series[str(selector.name)].labels
            for matcher in selector.matchers.matchers:
                assert matcher.name in labels, f"{place}: {selector.name}{{{matcher.name}}}"
                known = labels[matcher.name]
                if known is not None and matcher.op == promql_parser.MatchOp.Equal and matcher.value != "x":
                    assert matcher.value in known, f"{place}: {matcher.name}={matcher.value}"


def test_every_label_that_a_query_groups_by_is_in_the_contract(
    promql: list[tuple[str, str]], series: dict[str, Metric]
) -> None:
    for place, expr in promql:
        if place.startswith(_SHIPPED):
            continue
        for node in nodes(parse(expr)):
            if isinstance(node, promql_parser.AggregateExpr) and node.modifier is not None:
                below = [n for n in nodes(node.expr) if isinstance(n, promql_parser.VectorSelector)]
                for label in node.modifier.labels:
                    assert all(label in series[str(s.name)].labels for s in below), f"{place}: by {label}"


def test_every_metric_of_the_contract_is_shown_somewhere(
    promql: list[tuple[str, str]], contract: dict[str, Metric], dashboards: dict[str, Any]
) -> None:
    used = {selector.name for _, expr in promql for selector in selectors(expr)}
    events = str([dashboard["annotations"] for dashboard in dashboards.values()])
    for name in contract:
        family = name.removesuffix("_sum").removesuffix("_count").removesuffix("_bucket")
        shown = {name, f"{family}_bucket", f"{family}_sum"} & used
        assert shown or name in events, name


def test_no_metric_has_a_label_per_user(contract: dict[str, Metric]) -> None:
    for name, metric in contract.items():
        assert not _PER_USER & set(metric.labels), name


def test_every_metric_is_bounded() -> None:
    for name, metric in load_yaml(SPECS / "metrics.yaml")["metrics"].items():
        combinations = 1
        for known in metric.get("labels", {}).values():
            combinations *= len(known) if isinstance(known, list) else known["max"]
        assert combinations <= 200, name


def test_every_name_follows_the_rules_of_prometheus() -> None:
    for name, metric in load_yaml(SPECS / "metrics.yaml")["metrics"].items():
        assert re.fullmatch(r"dubai_estate_[a-z0-9_]+", name)
        assert name.endswith("_total") == (metric["type"] == "counter"), name
        unit = name.endswith(("_seconds", "_per_second"))
        assert unit == (metric["type"] == "histogram"), name


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("dubai_estate_tool_usage_total", {"tool_name"}),
        ("dubai_estate_subscription_upgrades_total", {"to_tier"}),
        ("dubai_estate_query_limit_hits_total", {"tier"}),
        ("dubai_estate_queries_total", {"status"}),
        ("dubai_estate_query_duration_seconds_bucket", {"le"}),
        ("dubai_estate_cost_usd_total", {"model"}),
    ],
)
def test_the_names_that_the_guide_fixes_are_kept(
    contract: dict[str, Metric], name: str, labels: set[str]
) -> None:
    assert labels <= set(contract[name].labels)


def test_no_query_divides_by_what_may_be_zero(promql: list[tuple[str, str]]) -> None:
    for place, expr in promql:
        if place.startswith(_SHIPPED) or any(name in expr for name in _SHIPPED):
            continue
        for node in nodes(parse(expr)):
            if isinstance(node, promql_parser.BinaryExpr) and "/" in str(node.op):
                assert _is_never_zero(node.rhs), f"{place}: {node.rhs}"


def _is_never_zero(node: Any) -> bool:
    while isinstance(node, promql_parser.ParenExpr):
        node = node.expr
    if isinstance(node, promql_parser.NumberLiteral):
        return node.val != 0
    return isinstance(node, promql_parser.BinaryExpr) and str(node.op) in {">", "!="}


def test_no_quantile_is_shown_without_traffic(promql: list[tuple[str, str]]) -> None:
    for place, expr in promql:
        if "histogram_quantile" in expr:
            assert re.search(r"\)\s*>= 0", expr), place


def test_a_count_of_users_takes_one_copy_of_the_bot(promql: list[tuple[str, str]]) -> None:
    gauges = re.compile(r"dubai_estate_(?:\w*users|mrr_usd)\b")
    for place, expr in promql:
        for match in gauges.finditer(expr):
            assert re.search(r"\bmax(?: by \([\w, ]+\) )?\($", expr[: match.start()]), place


def test_log_queries_use_fields_that_the_bot_and_the_nightly_job_log(
    dashboards: dict[str, Any], rules: dict[str, Any]
) -> None:
    bot, job = (load_yaml(SPECS / name) for name in ("metrics.yaml", "insights-metrics.yaml"))
    fields_of_bot = {*bot["log_fields"], *bot["log_labels"], "__error__"}
    queries = [rule["expr"] for rule in rules.values() if rule["server"] == "loki"]
    for dashboard in dashboards.values():
        queries += [query for _, query in queries_of(dashboard, "loki")]
    assert len(queries) >= 6
    for query in queries:
        fields = re.findall(r"\|\s*(\w+)\s*(?:=~|!=|>=|=)|unwrap (\w+)", query)
        grouped = re.findall(r"by \(([\w, ]+)\)", query)
        names = {a or b for a, b in fields} | {name.strip() for group in grouped for name in group.split(",")}
        # The nightly job's lines share fields with the bot's, and have some of their own.
        own = set(job["log_fields"]) if '{app="insights"}' in query else set()
        assert names <= fields_of_bot | own, query
