"""A legend names a label that the query has dropped.

`{{handler}}` of a query without `handler` is empty: all lines have the same name. Here a `without (…)`, an
`on (…)` or a function such as `histogram_quantile` has dropped it; labels that a `by (…)` leaves out are found by
the build as `query/legend`.

Keep the label in the query, or name another one.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern

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
    view = query.promql
    if view is None or view.is_open or query.panel is None or "{{" not in query.legend:
        return
    is_built = query.panel.is_spec and query.facts is not None and query.facts.grouping is not None
    if is_built or query.is_table:
        return
    labels = view.labels(view.tree)
    for match in _LABEL.finditer(query.legend):
        if not labels.may_have(match[1]):
            hint = "keep it in the query, or name a label that it has"
            yield query.problem(f"the result of the query has no label `{match[1]}`", "legend", hint=hint)
