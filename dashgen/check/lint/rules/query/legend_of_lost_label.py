"""A legend names a label that the query has dropped.

`{{handler}}` of a query without `handler` is empty: all lines have the same name. Here a `without (…)`, an
`on (…)` or a function such as `histogram_quantile` has dropped it; labels that a `by (…)` leaves out are
found by the build as `query/legend`.

Keep the label in the query, or name another one.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.promql.output_labels import OutputLabels
from dashgen.query.scanning import HAS_VARIABLE

_LABEL = lazy_pattern(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}")


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Memory
        query: sum without (job) (process_resident_memory_bytes)
        legend: "{{job}}"
    """,
    good="""
        title: Memory
        query: sum without (instance) (process_resident_memory_bytes)
        legend: "{{job}}"
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each label of the legend that the result surely lacks."""
    if query.panel is None or "{{" not in query.legend or query.is_table or _is_found_by_builds(query):
        return
    labels = _labels(query)
    for match in _LABEL.finditer(query.legend):
        if labels is not None and not labels.may_have(match[1]):
            hint = "keep it in the query, or name a label that it has"
            yield query.problem(f"the result of the query has no label `{match[1]}`", "legend", hint=hint)


def _is_found_by_builds(query: LintQuery) -> bool:
    return (
        query.panel is not None
        and query.panel.is_spec
        and query.facts is not None
        and query.facts.grouping is not None
    )


def _labels(query: LintQuery) -> OutputLabels | None:
    """The labels of the result; None when nothing is known of them."""
    if query.promql is not None:
        return None if query.promql.is_open else query.promql.labels(query.promql.tree)
    grouping = query.facts.grouping if query.is_logql and query.facts is not None else None
    if grouping is None or any(HAS_VARIABLE.search(label) for label in grouping):
        return None
    return OutputLabels(frozenset(grouping))
