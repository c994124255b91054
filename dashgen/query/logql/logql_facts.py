"""The facts about a LogQL query."""

from functools import lru_cache
from typing import Final

from msgspec import Struct

from dashgen.query.language import Fault, LabelMatch, ParsedQuery, Remark, Yield
from dashgen.query.logql.logql_names import AGGREGATIONS, CHOOSING, RANGE_FUNCTIONS, RATES
from dashgen.query.logql.logql_parser import parse_logql
from dashgen.query.logql.logql_tokens import first_kind
from dashgen.query.logql.logql_visit import walk
from dashgen.query.logql.nodes import (
    Aggregation,
    Expression,
    Grouping,
    LabelReplace,
    LogQuery,
    LogRange,
    MetricVariants,
    Node,
    Number,
    Operation,
    RangeFunction,
    Selector,
    Stage,
    Unknown,
)
from dashgen.query.own_variables import without_own
from dashgen.query.query_context import references, variable_names
from dashgen.query.shared_tokens import LOGQL_WORDS
from dashgen.query.template_variables import is_built_in, names_of

_PARSED: Final = 1 << 12
_QUERIES: Final = frozenset({LogQuery})


class LogQL:
    """The query language of Loki."""

    def parse(self, expr: str) -> ParsedQuery:
        """The facts about a query; they are cached by its text."""
        return _parsed(expr)


def is_metric_query(expr: str) -> bool:
    """Whether a LogQL query yields numbers rather than log lines; known also when it does not parse."""
    return first_kind(expr) not in {"{", "end"}


class _Facts(Struct):
    """What a walk through a query gathers."""

    functions: list[str] = []
    matches: list[LabelMatch] = []
    remarks: list[Remark] = []

    def add(self, node: Node) -> None:
        """Note what a node adds."""
        if isinstance(node, LogQuery):
            self._selector(node.selector)
        elif isinstance(node, LogRange):
            if node.late is not None:
                self._late(node.late)
        elif isinstance(node, Aggregation | RangeFunction):
            self.functions.append(node.name)
        elif isinstance(node, LabelReplace):
            self.functions.append("label_replace")
        elif isinstance(node, Number) and node.is_vector:
            self.functions.append("vector")
        elif isinstance(node, MetricVariants):
            self.functions.append("variants")

    def _selector(self, selector: Selector) -> None:
        start = -1 if selector.is_open else selector.start
        for matcher in selector.matchers:
            self.matches.append(
                LabelMatch(
                    matcher.label, matcher.operator, matcher.value, matcher.start, matcher.is_open, start
                )
            )

    def _late(self, stage: Stage) -> None:
        message = "a stage is after the range, but is applied to the lines before they are counted"
        remark = Remark("query/stage-order", message, "write it before the range", stage.start)
        self.remarks.append(remark)


@lru_cache(maxsize=_PARSED)
def _parsed(expr: str) -> ParsedQuery:
    variables = _variables(expr) if "$" in expr or "[[" in expr else ()
    parsed = parse_logql(expr)
    tree = parsed.tree
    if parsed.fault is not None or tree is None:
        return ParsedQuery.refused(parsed.fault or Fault("the query is empty"), variables)
    facts = _Facts()
    for node in walk(tree, _QUERIES):
        facts.add(node)
    return ParsedQuery(
        grouping=_grouping(tree),
        rate_like=_is_rate(facts.functions),
        functions=frozenset(facts.functions),
        variables=variables,
        yields=_yields(tree),
        matches=tuple(facts.matches),
        remarks=(*parsed.remarks, *facts.remarks),
        requirements=parsed.requirements,
    )


def _variables(expr: str) -> tuple[str, ...]:
    if "{{" in expr or "label_replace" in expr:  # these have variables of their own
        return names_of(without_own(expr, references(expr), LOGQL_WORDS))
    return tuple(dict.fromkeys(name for name in variable_names(expr) if not is_built_in(name)))


def _is_rate(functions: list[str]) -> bool:
    """Whether the first function of a range makes rates."""
    return next((name in RATES for name in functions if name in RANGE_FUNCTIONS), False)


def _yields(tree: Expression) -> Yield:
    if isinstance(tree, LogQuery):
        return Yield.LOGS
    return Yield.UNKNOWN if isinstance(tree, Unknown) else Yield.SERIES


def _grouping(tree: Expression | LogRange) -> tuple[str, ...] | None:
    """The labels of a result: those of the first operand's outermost aggregation; None when not known."""
    added: list[str] = []
    while True:
        if isinstance(tree, Operation):
            left = tree.left  # a number has no labels, so the result has those of the other operand
            tree = tree.right if isinstance(left, Number) else left
        elif isinstance(tree, LabelReplace):
            added.append(tree.texts[0].value)
            tree = tree.operand
        elif isinstance(tree, Aggregation) and tree.name in CHOOSING:
            tree = tree.operand  # they choose series, and keep all labels
        else:
            labels = _own_labels(tree)
            return None if labels is None else tuple(dict.fromkeys((*labels, *reversed(added))))


def _own_labels(tree: Expression | LogRange) -> tuple[str, ...] | None:
    if not isinstance(tree, Aggregation | RangeFunction):
        return None
    if tree.grouping is not None:
        return _labels(tree.grouping)
    return () if tree.name in AGGREGATIONS else None


def _labels(grouping: Grouping) -> tuple[str, ...] | None:
    """The labels of a `by (…)`; those that a `without (…)` leaves are not known."""
    return grouping.labels if grouping.keeps else None
