"""A panel shows bytes, seconds or a share as a plain number.

`73400320` is 70 MiB, and `0.07` is 7%; readers count digits, and misjudge by a factor of ten.

Leave `unit:` out, so that dashgen derives it from the metric, or write it. Values that texts stand for are no
finding, and for bytes `unit: none` is a choice: an MTU is read in bytes, not in KiB.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, LintProject, Preset, Safety, lint_rule
from dashgen.check.lint.unit_families import PLAIN, common_unit, is_plain_anyway
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
    if not _shows_numbers(panel) or panel.unit not in PLAIN or _UNIT_IN_TITLE.search(panel.title):
        return
    unit = common_unit(panel, project)
    if unit is None or any(is_plain_anyway(query, unit) for query in panel.queries):
        return
    if unit == "bytes" and panel.unit == "none":
        return
    message = f"{panel.words} shows numbers of the unit `{unit}` as they are"
    yield panel.problem(message, "unit", hint=f"write `unit: {unit}`", edits=panel.set(("unit",), unit))


def _shows_numbers(panel: LintPanel) -> bool:
    # A table of one query has one column of numbers; of several their columns are told apart in overrides.
    is_plain_table = panel.type == "table" and len(panel.queries) == 1 and not panel.overrides
    return (panel.type in _NUMERIC or is_plain_table) and not panel.has_mappings
