"""The tree of a query: what its nodes hold, and where they are."""

import pytest

from dashgen.query.logql import parse_logql, walk
from dashgen.query.logql.nodes import (
    Aggregation,
    Conditions,
    DropLabels,
    Grouping,
    JsonParser,
    LabelComparison,
    LabelFilter,
    LabelFormat,
    LineFilter,
    LogfmtParser,
    LogQuery,
    LogRange,
    Matching,
    Node,
    Operation,
    PatternParser,
    RangeFunction,
    RegexpParser,
    Unwrap,
)


def nodes(expr: str, kind: type[Node]) -> list[Node]:
    tree = parse_logql(expr)
    assert tree.tree is not None, tree.fault
    return [node for node in walk(tree.tree) if isinstance(node, kind)]


def spelling(condition: Node) -> str:
    """A condition with its precedence in parentheses."""
    if isinstance(condition, Conditions):
        return "(" + f" {condition.word} ".join(spelling(part) for part in condition.parts) + ")"
    assert isinstance(condition, LabelComparison)
    return condition.label


@pytest.mark.parametrize(
    ("written", "read"),
    # As Loki 3.7 prints them: a comma, or nothing, takes all that follows.
    [
        ("a=1", "a"),
        ("a=1 and b=1 and c=1", "(a and b and c)"),
        ("a=1 or b=1 and c=1", "(a or (b and c))"),
        ("a=1 and b=1 or c=1", "((a and b) or c)"),
        ("a=1, b=1 or c=1", "(a and (b or c))"),
        ("a=1 b=1 or c=1", "(a and (b or c))"),
        ("a=1 or b=1, c=1", "(a or (b and c))"),
        ("a=1 and b=1, c=1 or d=1", "(a and b and (c or d))"),
        ("(a=1 or b=1), c=1", "((a or b) and c)"),
        ("a=1 or (b=1 or c=1)", "(a or (b or c))"),
        ("((a=1))", "a"),
    ],
)
def test_conditions_bind_as_in_loki(written: str, read: str) -> None:
    (stage,) = nodes(f'{{x="y"}} | {written}', LabelFilter)
    assert isinstance(stage, LabelFilter)
    assert spelling(stage.condition) == read


@pytest.mark.parametrize(
    ("written", "kind", "value"),
    [
        ('a="b\\"c"', "string", 'b"c'),
        ("a=~`b.*`", "string", "b.*"),
        ("a>5", "number", "5"),
        ("a> -5", "number", "-5"),
        ("a>5m", "duration", "5m"),
        ("a>-5m", "duration", "-5m"),
        ("a>5KB", "bytes", "5KB"),
        ('a=ip("10.0.0.1")', "ip", "10.0.0.1"),
        ("a=$b", "variable", "$b"),
    ],
)
def test_the_kind_of_a_compared_value_is_known(written: str, kind: str, value: str) -> None:
    (comparison,) = nodes(f'{{x="y"}} | {written}', LabelComparison)
    assert isinstance(comparison, LabelComparison)
    assert (comparison.kind, comparison.value, comparison.is_open) == (kind, value, kind == "variable")


def test_stages_hold_their_parts() -> None:
    expr = (
        '{a="b"} |= "c" or ip("1.1.1.1") | json d, e="f[0]" | logfmt --strict g | regexp "(?P<h>i)"'
        ' | pattern "<j> <_>" | label_format k=l, m="{{.n}}" | drop o, p="q" | keep r'
    )
    (query,) = nodes(expr, LogQuery)
    assert isinstance(query, LogQuery)
    line, json, logfmt, regexp, pattern, labels, drop, _keep = query.stages
    assert isinstance(line, LineFilter)
    assert [(text.value, text.is_ip) for text in line.texts] == [("c", False), ("1.1.1.1", True)]
    assert isinstance(json, JsonParser)
    assert [(item.label, item.expression and item.expression.value) for item in json.extractions] == [
        ("d", None),
        ("e", "f[0]"),
    ]
    assert isinstance(logfmt, LogfmtParser)
    assert (logfmt.flags, logfmt.extractions[0].label) == (("--strict",), "g")
    assert isinstance(regexp, RegexpParser)
    assert isinstance(pattern, PatternParser)
    assert (regexp.labels, pattern.labels) == (("h",), ("j",))
    assert isinstance(labels, LabelFormat)
    assert [(item.label, item.source, item.template is None) for item in labels.formats] == [
        ("k", "l", True),
        ("m", "", False),
    ]
    assert isinstance(drop, DropLabels)
    assert [(item.label, item.matcher is None) for item in drop.choices] == [("o", True), ("p", False)]


def test_metric_queries_hold_their_parts() -> None:
    expr = (
        'topk by (a) (5, quantile_over_time(0.9, {b="c"} | unwrap bytes(d) | e="" [5m] offset -1h) by (f))'
        " > bool on (g) group_left (h) vector(1)"
    )
    (operation,), (aggregation,) = nodes(expr, Operation), nodes(expr, Aggregation)
    assert isinstance(operation, Operation)
    assert (operation.operator, operation.is_bool) == (">", True)
    assert nodes(expr, Matching) == [operation.matching]
    assert operation.matching is not None
    assert (operation.matching.keeps, operation.matching.labels) == (True, ("g",))
    assert (operation.matching.side, operation.matching.include) == ("group_left", ("h",))
    assert isinstance(aggregation, Aggregation)
    assert (aggregation.name, aggregation.parameter) == ("topk", "5")
    (function,), (log_range,) = nodes(expr, RangeFunction), nodes(expr, LogRange)
    assert isinstance(function, RangeFunction)
    assert (function.name, function.parameter) == ("quantile_over_time", "0.9")
    assert isinstance(log_range, LogRange)
    assert (log_range.range, log_range.offset) == ("5m", "-1h")
    assert nodes(expr, Unwrap) == [log_range.unwrap]
    assert log_range.unwrap is not None
    assert (log_range.unwrap.label, log_range.unwrap.conversion) == ("d", "bytes")
    assert [expr[node.start : node.end] for node in nodes(expr, Grouping)] == ["by (a)", "by (f)"]


def test_the_text_of_a_stage_begins_at_its_bar() -> None:
    expr = '{a="b"} |= "x" | json | level = "error" | line_format `{{.x}}`'
    (query,) = nodes(expr, LogQuery)
    assert isinstance(query, LogQuery)
    texts = [expr[stage.start : stage.end] for stage in query.stages]
    assert texts == ['|= "x"', "| json", '| level = "error"', "| line_format `{{.x}}`"]


def test_operators_bind_and_associate_as_in_loki() -> None:
    expr = "1 + 2 * 3 ^ 4 ^ 5 - 6"
    texts = [expr[node.start : node.end] for node in nodes(expr, Operation)]
    assert texts == [expr, "1 + 2 * 3 ^ 4 ^ 5", "2 * 3 ^ 4 ^ 5", "3 ^ 4 ^ 5", "4 ^ 5"]


def test_a_chain_of_a_thousand_operators_has_a_tree_and_a_longer_one_an_error() -> None:
    chain = " + ".join(["1"] * 1001)
    assert len(nodes(chain, Operation)) == 1000
    fault = parse_logql(chain + " + 1").fault
    assert fault is not None
    assert fault.message == "the query chains more than 1000 operations"


def test_a_query_of_which_loki_reads_nothing_is_refused_by_its_size() -> None:
    fault = parse_logql('{a="' + "x" * 131_072 + '"}').fault
    assert fault is not None
    assert "128 KiB" in fault.message
