"""How many series a panel may have, as far as the metric contract tells."""

from dashgen.check.lint.subjects import LintPanel, LintProject, LintQuery

_LIMITS = frozenset(("topk", "bottomk", "limitk", "limit_ratio", "approx_topk"))


def most_series(panel: LintPanel, project: LintProject) -> int:
    """The largest number of series of all queries; one of which nothing is known counts as one."""
    return sum(_series(query, project) for query in panel.queries)


def _series(query: LintQuery, project: LintProject) -> int:
    facts, labels = query.facts, _open_labels(query)
    if facts is None or project.contract is None or facts.functions & _LIMITS or len(facts.metrics) != 1:
        return 1
    estimate = project.contract.estimated_series(facts.metrics[0].name, by=labels) if labels else None
    return max(1, estimate.series) if estimate is not None else 1


def _open_labels(query: LintQuery) -> list[str]:
    """The labels of the result that no matcher narrows."""
    selectors = query.selectors
    # What a matcher selects, as one value or the chosen ones of a variable, is not counted.
    selected = {matcher.label for one in selectors for matcher in one.matchers if matcher.operator != "!="}
    grouping = (query.facts.grouping or ()) if query.facts is not None else ()
    return [label for label in grouping if label not in selected]
