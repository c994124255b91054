"""Whether an aggregation is over the series of one target, of which there is mostly one of each."""

from typing import Final

from dashgen.query.promql.promql_nodes import AggregateExpr, SeriesMatcher, VectorSelector
from dashgen.query.promql.promql_view import PromQLView

_TARGETS: Final = frozenset({"instance", "pod", "host", "hostname", "node", "pod_name", "server"})


def is_of_one_target(view: PromQLView, node: AggregateExpr) -> bool:
    """Whether each result of an aggregation is of one target, by which it is grouped or which is chosen."""
    if (
        node.grouping is not None
        and not node.grouping.without
        and not _TARGETS.isdisjoint(node.grouping.names)
    ):
        return True
    return any(
        matcher.operator == "=" and (matcher.label in _TARGETS or _is_named_by_variable(view, matcher))
        for selector in view.below(node)
        if isinstance(selector, VectorSelector)
        for matcher in selector.matchers
    )


def _is_named_by_variable(view: PromQLView, matcher: SeriesMatcher) -> bool:
    """Whether a variable is the label, as `$instance_label` where labels of targets differ."""
    return any(matcher.start <= start < matcher.label_end for start in view.variables)
