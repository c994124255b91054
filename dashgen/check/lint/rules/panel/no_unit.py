"""A panel shows bytes, seconds or a share as a plain number.

`73400320` is 70 MiB, and `0.07` is 7%; readers count digits, and misjudge by a factor of ten.

Leave `unit:` out, so that dashgen derives it from the metric, or write it. Values that texts stand for are no
finding.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, LintProject, Preset, Safety, lint_rule
from dashgen.check.lint.unit_families import PLAIN, is_plain_anyway, natural_unit
from dashgen.core.lazy_pattern import lazy_pattern

_UNIT_IN_TITLE = lazy_pattern(
    r"%|\b(?:percent(?:age)?|MiB|GiB|MB|GB)\b|[(\[](?:in )?(?:s|secs?|seconds|ms|bytes|B|B/s)[)\]]"
)
"""The title has the unit already, and a second one would be in the way."""
_NUMERIC = frozenset(("timeseries", "stat", "gauge", "bargauge", "barchart", "piechart"))


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.UNSAFE,
    bad="""
        title: Memory
        query: sum(process_resident_memory_bytes)
        unit: short
    """,
    good="""
        title: Memory
        query: sum(process_resident_memory_bytes)
        unit: bytes
    """,
)
def check(panel: LintPanel, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for a plain unit where every query gives numbers of one other unit."""
    if panel.type not in _NUMERIC or panel.unit not in PLAIN or panel.has_mappings or panel.shown_fields:
        return
    if _UNIT_IN_TITLE.search(panel.title):
        return
    if panel.transformations or any("unit" in one.options for one in panel.overrides):
        return
    units = {natural_unit(query, project) for query in panel.queries}
    unit = units.pop() if len(units) == 1 else None
    if unit is None or any(is_plain_anyway(query, unit) for query in panel.queries):
        return
    message = f"{panel.words} shows numbers of the unit `{unit}` as they are"
    yield panel.problem(message, "unit", hint=f"write `unit: {unit}`", edits=panel.set(("unit",), unit))
