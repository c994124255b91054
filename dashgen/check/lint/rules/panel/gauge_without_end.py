"""A gauge has no end.

Without `max` Grafana takes the largest value of the time range as the end, so the hand always stands near it
and tells nothing about how full anything is.

Write `max:` with what is possible or agreed. Percent units have an end of their own.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, lint_rule

_WITH_END = frozenset(("percent", "percentunit"))


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Waiting jobs
        type: gauge
        query: sum(queue_length)
    """,
    good="""
        title: Waiting jobs
        type: gauge
        query: sum(queue_length)
        max: 500
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for a gauge of another unit without `max`."""
    if panel.type != "gauge" or panel.max is not None or not panel.queries or panel.has_mappings:
        return
    units = {panel.unit, *(one.options.get("unit") for one in panel.overrides)}
    has_end = bool(units & _WITH_END) or panel.overrides_any("max")
    if not has_end and "configFromData" not in panel.transformations:
        yield panel.problem(f"{panel.words} is a gauge without an end", "title", hint="write `max:`")
