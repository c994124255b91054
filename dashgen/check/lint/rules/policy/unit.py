"""A panel has a unit that the organisation does not use.

The same quantity in two units, such as MB and MiB, makes two panels disagree.

Use a unit of `policy.units` in dashgen.yaml, or add it there.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, LintProject, Preset, lint_rule
from dashgen.core.diagnostics import nearest


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        policy: {units: [bytes, s, reqps]}
        ---
        kind: Dashboard
        title: Orders
        panels: [{title: Memory, query: 'sum(process_resident_memory_bytes)', unit: decbytes}]
    """,
    good="""
        policy: {units: [bytes, s, reqps]}
        ---
        kind: Dashboard
        title: Orders
        panels: [{title: Memory, query: 'sum(process_resident_memory_bytes)', unit: bytes}]
    """,
)
def check(panel: LintPanel, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each unit that is not allowed, also in overrides."""
    allowed = project.policy.units
    if allowed is None:
        return
    units = [
        (panel.unit, ("unit",)),
        *((one.options.get("unit"), (*one.keys, "unit")) for one in panel.overrides),
    ]
    for unit, keys in units:
        if isinstance(unit, str) and unit not in allowed:
            hint = nearest(unit, allowed) or "use one of `policy.units`, or add it there"
            message = f"{panel.words} has the unit `{unit}`, which is none of the organisation's"
            yield panel.problem(message, *keys, hint=hint)
