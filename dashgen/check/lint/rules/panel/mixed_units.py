"""Queries of one panel give numbers of different units on one axis.

With bytes and seconds on one scale the smaller ones are a line at the bottom, and the numbers of one of them
have the wrong unit.

Make two panels, or give one of them a unit and an axis of its own in `overrides:`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, LintProject, Preset, lint_rule
from dashgen.check.lint.unit_families import is_share_of_time, natural_unit


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Process
        queries:
          Memory: sum(process_resident_memory_bytes)
          Latency: histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))
    """,
    good="""
        title: Process
        queries:
          Memory: sum(process_resident_memory_bytes)
          Latency: histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))
        overrides:
          - {name: Latency, unit: s, custom: {axis: right}}
    """,
)
def check(panel: LintPanel, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for a graph with two known units and one axis."""
    if panel.type != "timeseries" or panel.transformations:
        return
    if panel.overrides_any("unit", "custom.axisPlacement"):
        return
    units = {
        unit
        for query in panel.queries
        if not is_share_of_time(query) and (unit := natural_unit(query, project)) is not None
    }
    if len(units) > 1:
        names = " and ".join(f"`{unit}`" for unit in sorted(units))
        message = f"{panel.words} has numbers of the units {names} on one axis"
        yield panel.problem(message, "queries", hint="make two panels, or add `overrides:`")
