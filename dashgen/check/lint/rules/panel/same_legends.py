"""Two queries of a panel have one legend.

The graph has two lines with one name, perhaps in two colours, and nobody can tell them apart.

Give each query a legend of its own.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, lint_rule

_NAMELESS = frozenset(("", "__auto"))
_SHOWN = frozenset(("timeseries", "barchart", "piechart", "bargauge", "trend"))


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Memory
        queries:
          - {query: sum(process_resident_memory_bytes), legend: Memory}
          - {query: max(process_resident_memory_bytes), legend: Memory}
    """,
    good="""
        title: Memory
        queries:
          - {query: sum(process_resident_memory_bytes), legend: All}
          - {query: max(process_resident_memory_bytes), legend: Largest}
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for each query whose written legend an earlier one has."""
    if panel.type not in _SHOWN or panel.transformations or panel.display_name:
        return
    # What overrides find by the query may be renamed there.
    if panel.overrides_any("display_name") or any(one.matcher == "query" for one in panel.overrides):
        return
    seen: set[str] = set()
    for query in panel.queries:
        legend = query.legend.strip()
        if legend in seen and _is_one_name(legend):
            message = f"two queries have the legend `{legend}`"
            yield query.problem(message, "legend", hint="give each a legend of its own")
        seen.add(legend)


def _is_one_name(legend: str) -> bool:
    # Of a legend with labels the other query may have other values.
    return legend not in _NAMELESS and "{{" not in legend and "$" not in legend
