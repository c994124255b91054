"""Read an alert rule of Grafana: which value its condition looks at, and when it fires.

Grafana has four ways to write one condition: a threshold, a formula, a classic condition, and a query that
keeps only what should fire. All of them are read into a value and a comparison, which is what a spec has.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from dashgen.compile.lower.lower_alerting import ANY_VALUE
from dashgen.core.json_values import Json, mappings, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.importer.rules.expression_nodes import EXPRESSION, RuleNode, read_node
from dashgen.query import LANGUAGES
from dashgen.query.comparison import absent_of, split_comparison
from dashgen.query.math_expression import math_refs

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_COMPARED = lazy_pattern(
    rf"\s*\$\{{?(?P<of>[A-Za-z_]\w*)\}}?\s*(?P<sign>>=|<=|==|!=|>|<)\s*(?P<number>{_NUMBER})\s*"
)
_SIGNS = {">": "gt", "<": "lt", ">=": "gte", "<=": "lte", "==": "eq", "!=": "ne"}
_TRUTH = lazy_pattern(r"[<>!]|==|&&|\|\|")
_CLASSIC_REDUCERS = {
    "avg": "mean", "min": "min", "max": "max", "sum": "sum", "last": "last", "median": "median",
}  # fmt: skip
PRESENT: Json = {"type": "present", "params": []}
_ABOVE_ZERO: Json = {"type": "gt", "params": [0.0]}


class RuleReading(Struct, frozen=True):
    """A rule's entries and its condition.

    Attributes:
        nodes: the entries by ref, without the condition and what only passes a value on.
        subject: the entry whose value the condition looks at.
        fires: the comparison at which it fires; nothing when the condition has no form in the language.
        recovers: the comparison at which a firing alert recovers.
        condition: the ref of the condition as it was written.
        aliases_of_values: by the ref of an entry that only passes on a value, the entry that has it.
    """

    nodes: dict[str, RuleNode]
    subject: str
    fires: Json | None
    recovers: Json | None
    condition: str
    aliases_of_values: dict[str, str]


class _Verdict(Struct, frozen=True):
    of: str
    fires: Json
    recovers: Json | None = None
    keeps_node: bool = False


def read_rule(rule: Mapping[str, Any], kinds: Mapping[str, str]) -> RuleReading:
    """Read the entries and the condition of a rule.

    Args:
        rule: the rule as Grafana's API, its files or its database have it.
        kinds: the plugin types of data sources by uid.
    """
    entries = [read_node(entry, kinds) for entry in mappings(rule.get("data"))]
    nodes = {node.ref: node for node in entries}
    condition = text(rule.get("condition"))
    if condition not in nodes or len(nodes) != len(entries):
        return RuleReading(nodes, condition, None, None, condition, {})
    nodes = _with_plain_classic(nodes, condition)
    verdict = _verdict(nodes, condition)
    if verdict is None or verdict.of not in nodes:
        return RuleReading(nodes, condition, None, None, condition, {})
    if not verdict.keeps_node:
        del nodes[condition]
    nodes, subject, passed_on = _without_passing_on(
        nodes, verdict.of, drops_are_silent=_drops_are_silent(rule)
    )
    return RuleReading(nodes, subject, verdict.fires, verdict.recovers, condition, passed_on)


def _drops_are_silent(rule: Mapping[str, Any]) -> bool:
    return text(rule.get("noDataState")) == "OK"


def _verdict(nodes: Mapping[str, RuleNode], condition: str) -> _Verdict | None:
    node = nodes[condition]
    named_elsewhere = any(condition in other.names for other in nodes.values())
    if not node.is_expression:
        # A rule without an expression fires for each value that is not 0.
        return _Verdict(condition, dict(_ABOVE_ZERO), keeps_node=True) if _is_positive(node) else None
    kind = node.model.get("type")
    if kind == "threshold" and "fires" in node.model and not named_elsewhere:
        return _Verdict(node.model["expression"], node.model["fires"], node.model.get("recovers"))
    if kind == "reduce" and "fires" in node.model:
        return _Verdict(condition, node.model["fires"], keeps_node=True)
    if kind != "math":
        return None
    # A formula whose result others name has to stay an entry of its own.
    compared = _COMPARED.fullmatch(node.model["expression"])
    if compared and not named_elsewhere:
        fires = {"type": _SIGNS[compared["sign"]], "params": [float(compared["number"])]}
        return _Verdict(compared["of"], fires)
    if (of := _any_value(node.model["expression"])) and not named_elsewhere:
        return _Verdict(of, dict(PRESENT))
    return _Verdict(condition, dict(_ABOVE_ZERO), keeps_node=True) if _is_truth(node) else None


def _is_positive(node: RuleNode) -> bool:
    """Whether a query keeps only values above 0."""
    expr = text(node.model.get("expr"))
    comparison = split_comparison(expr, node.kind) if node.kind in LANGUAGES and node.is_instant else None
    if comparison is None:
        return node.kind == "prometheus" and node.is_instant and absent_of(expr) is not None
    return (
        comparison.number > 0
        if comparison.sign in (">=", "==")
        else comparison.sign == ">" and comparison.number >= 0
    )


def _any_value(formula: str) -> str:
    """The entry of which a formula asks whether it has any value."""
    plain = formula.replace("{", "").replace("}", "")
    return next((ref for ref in math_refs(formula) if ANY_VALUE.format(ref) == plain), "")


def _is_truth(node: RuleNode) -> bool:
    """Whether a formula gives 0 or 1: its outermost operator compares or combines."""
    formula = node.model["expression"].strip()
    depth, outermost = 0, ""
    for char in formula:
        depth += {"(": 1, ")": -1}.get(char, 0)
        outermost += char if depth == 0 else " "
    if _TRUTH.search(outermost):
        return True
    inner = formula[1:-1] if formula.startswith("(") and outermost.strip() in {")", ""} else ""
    return bool(inner) and _is_truth(replace(node, model={**node.model, "expression": inner}))


def _with_plain_classic(nodes: dict[str, RuleNode], condition: str) -> dict[str, RuleNode]:
    """The entries with a reduction in place of a classic condition that does the same."""
    # Classic conditions have no labels, so they are the same only for a query that yields one series
    # without any.
    node = nodes[condition]
    parts = node.model.get("conditions") if node.model.get("type") == "classic_conditions" else None
    if not isinstance(parts, list) or len(parts) != 1 or parts[0]["fires"] is None:
        return dict(nodes)
    of, reducer = parts[0]["of"], _CLASSIC_REDUCERS.get(parts[0]["reducer"])
    query_node = nodes.get(of)
    if reducer is None or query_node is None or not _gives_one_series(query_node):
        return dict(nodes)
    model = {"type": "reduce", "expression": of, "reducer": reducer, "mode": "dropNN"}
    return {**nodes, condition: replace(node, model={**model, "fires": parts[0]["fires"]})}


def _gives_one_series(node: RuleNode) -> bool:
    """Whether a query over time gives at most one series, which has no labels."""
    language = LANGUAGES.get(node.kind)
    if language is None or node.is_instant:
        return False
    return language.parse(text(node.model.get("expr"))).grouping == ()


def _without_passing_on(
    nodes: dict[str, RuleNode], subject: str, *, drops_are_silent: bool
) -> tuple[dict[str, RuleNode], str, dict[str, str]]:
    """The entries without needless reductions, the entry with the value, and the refs that named it."""
    passed: dict[str, str] = {}
    while True:
        node = nodes[subject]
        of = nodes.get(text(node.model.get("expression"))) if node.model.get("type") == "reduce" else None
        if of is None or not of.is_instant or not _keeps_numbers(node, drops_are_silent=drops_are_silent):
            break
        if any(subject in other.names for other in nodes.values()):
            break
        del nodes[subject]
        passed = {name: of.ref if source == subject else source for name, source in passed.items()}
        passed[subject] = of.ref
        subject = of.ref
    nodes[subject] = _without_verdict(nodes[subject])
    return nodes, subject, passed


def _keeps_numbers(node: RuleNode, *, drops_are_silent: bool) -> bool:
    # Without a mode a reduction keeps what is no number. One that drops it leaves no value, which fires
    # when no data does; so it may only go where no data is fine.
    mode = node.model.get("mode")
    return node.model.get("reducer") != "count" and (mode == "" or (mode == "dropNN" and drops_are_silent))


def _without_verdict(node: RuleNode) -> RuleNode:
    if node.kind == EXPRESSION and node.model.get("type") == "reduce" and "fires" in node.model:
        return replace(node, model={key: value for key, value in node.model.items() if key != "fires"})
    return node
