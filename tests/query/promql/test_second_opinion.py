"""promql-parser, Prometheus' grammar in Rust, and promtool read queries as dashgen does, as far as their versions go."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import promql_parser
import pytest

from dashgen.query.promql.promql_nodes import Expr, MatrixSelector, VectorSelector, seconds_of
from dashgen.query.promql.promql_syntax import parse_promql
from dashgen.query.required_versions import TargetServer, requirement_remarks
from dashgen.query.scanning import RefusalError
from tests.query.promql.test_promql_tables import INVALID, MARK, VALID

# Parts of valid queries that promql-parser 0.12 refuses: what is newer than 3.8, calculated durations, and its own gaps.
LACKING = (
    "STEP", "fill(5m)", "step", "range()", "min_of", "max_of", "smoothed", "SMOOTHED", "anchored", "</", ">/", "histogram_quantiles", "start_timestamp",
    "start() + end()", "[5m *", "[5m +", "[1h -", "[10m", "[2 ^", "[(", "[-", "[+", "[1m *", "offset (", "offset -(", "offset - -", "[--",
    "`\\d+`", r"\\Q", "[.5]", "[1_000]", "[5m #", "offset 0s", "_1F", "1_000", "1_0.5_0", "(a:b)", 'info(rate(a[5m]), {a=""})',
)  # fmt: skip
# Parts of invalid queries that it takes: Prometheus checks more.
LENIENT = (
    "+x[5m]", '(""', "x and fill", "fill_left(0) y", "x + fill(0) 1", "1 + fill_right", "info(x, y)", "info(x, abs", "limit_ratio(",
    "b**", "a{1001}", " or c=", "x[0]", "1e400",
)  # fmt: skip
PANICS = ("1e30", "99999999999y", "300y")
"""Durations that end its process."""


def opinion(query: str) -> Any:
    """The tree of promql-parser, None when it refuses."""
    try:
        return promql_parser.parse(query)
    except (ValueError, OverflowError):
        return None


def foreign(node: Any) -> tuple[object, ...]:
    """What a tree of promql-parser says, as plain values."""
    kind = type(node).__name__
    if kind == "VectorSelector":
        names = {"MatchOp.Equal": "=", "MatchOp.NotEqual": "!=", "MatchOp.Re": "=~", "MatchOp.NotRe": "!~"}
        matchers = [(one.name, names[str(one.op)], one.value) for one in node.matchers.matchers]
        offset = node.offset.total_seconds() if node.offset is not None else 0
        return (kind, node.name or "", sorted(matchers), offset, node.at is not None)
    if kind == "MatrixSelector":
        return (kind, foreign(node.vector_selector), node.range.total_seconds())
    if kind == "SubqueryExpr":
        step = node.step.total_seconds() if node.step is not None else None
        offset = node.offset.total_seconds() if node.offset is not None else 0
        return (kind, foreign(node.expr), node.range.total_seconds(), step, offset, node.at is not None)
    if kind == "BinaryExpr":
        is_bool = node.modifier is not None and node.modifier.return_bool
        matching = node.modifier.matching if node.modifier is not None else None
        labels = list(matching.labels) if matching is not None else []
        return (kind, str(node.op).lower(), foreign(node.lhs), foreign(node.rhs), is_bool, labels)
    if kind == "AggregateExpr":
        labels = list(node.modifier.labels) if node.modifier is not None else None
        parameter = foreign(node.param) if node.param is not None else None
        return (kind, str(node.op).lower(), foreign(node.expr), parameter, labels)
    if kind == "Call":
        return (kind, node.func.name, *[foreign(argument) for argument in node.args])
    if kind in {"ParenExpr", "UnaryExpr"}:
        return (kind, foreign(node.expr))
    return (kind, str(node.val))


def own(node: Expr) -> tuple[object, ...]:
    """What a tree of dashgen says, likewise."""
    kind = type(node).__name__
    if isinstance(node, VectorSelector):
        matchers = [(one.label, one.operator, one.value) for one in node.matchers]
        offset = seconds_of(node.offset.duration) if node.offset is not None else 0
        return (kind, node.name, sorted(matchers), offset, node.at is not None)
    if isinstance(node, MatrixSelector):
        return (kind, own(node.vector_selector), seconds_of(node.range))
    if kind == "SubqueryExpr":
        step = seconds_of(node.step) if node.step is not None else None
        offset = seconds_of(node.offset.duration) if node.offset is not None else 0
        return (kind, own(node.expr), seconds_of(node.range), step, offset, node.at is not None)
    if kind == "BinaryExpr":
        labels = list(node.matching.names) if node.matching is not None else []
        return (kind, node.op, own(node.lhs), own(node.rhs), node.return_bool, labels)
    if kind == "AggregateExpr":
        labels = list(node.grouping.names) if node.grouping is not None else None
        parameter = own(node.param) if node.param is not None else None
        return (kind, node.op, own(node.expr), parameter, labels)
    if kind == "Call":
        return (kind, node.name, *[own(argument) for argument in node.args])
    if kind in {"ParenExpr", "UnaryExpr"}:
        return (kind, own(node.expr))
    return (kind, str(node.val))


@pytest.mark.parametrize("query", [query for query in VALID if not any(part in query for part in LACKING)])
def test_both_parsers_read_the_same_tree(query):
    tree = opinion(query)
    assert tree is not None
    assert foreign(tree) == own(parse_promql(query).expr)


@pytest.mark.parametrize(
    "query", [query.replace(MARK, "") for query in INVALID if not any(part in query for part in PANICS)]
)
def test_both_parsers_refuse_what_is_wrong(query):
    with pytest.raises(RefusalError):
        parse_promql(query)
    text = query.replace(MARK, "")
    assert opinion(text) is None or any(part in text for part in LENIENT)


PROMTOOL = shutil.which("promtool")
NEEDS_PROMTOOL = pytest.mark.skipif(
    PROMTOOL is None, reason="promtool is missing; Debian's `prometheus` has it"
)
# The syntax of groups depends on the Go that Prometheus was built with, not on its version.
OF_GO = "(?<n>"


def promtool_version() -> tuple[int, int]:
    """The version of the promtool on this machine."""
    text = subprocess.run(["promtool", "--version"], capture_output=True, text=True, check=True).stdout
    major, minor = re.findall(r"version (\d+)\.(\d+)", text)[0]
    return int(major), int(minor)


def refused_by_promtool(queries: list[str], folder: Path) -> set[int]:
    """The indexes of the queries that promtool refuses in recording rules."""
    rules = [{"record": f"r{index}", "expr": query} for index, query in enumerate(queries)]
    path = folder / "rules.yaml"
    data = {"groups": [{"name": "g", "rules": rules}]}
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    done = subprocess.run(
        ["promtool", "check", "rules", str(path)], capture_output=True, text=True, check=False
    )
    return {int(number) - 1 for number in re.findall(r'rule (\d+), "r\d+"', done.stdout + done.stderr)}


@NEEDS_PROMTOOL
def test_promtool_takes_what_its_version_has_and_refuses_what_dashgen_says_it_lacks(tmp_path):
    target = TargetServer("Prometheus", promtool_version())
    queries = [query for query in VALID if OF_GO not in query]
    lacking = {
        index
        for index, query in enumerate(queries)
        if list(requirement_remarks(parse_promql(query).requirements, target))
    }
    refused = refused_by_promtool(queries, tmp_path)
    assert [queries[index] for index in sorted(lacking ^ refused)] == []


@NEEDS_PROMTOOL
def test_promtool_refuses_what_dashgen_refuses(tmp_path):
    queries = [query.replace(MARK, "") for query in INVALID]
    refused = refused_by_promtool(queries, tmp_path)
    # Prometheus 3.0 renamed the function.
    assert [query for index, query in enumerate(queries) if index not in refused] in (
        [],
        ["holt_winters(x[5m], 1, 1)"],
    )
