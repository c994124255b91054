"""A panel shows more decimals than anybody reads.

`0.483920 s` pretends a precision that no measurement has, and hides the first digits, which matter.

Leave `decimals:` out: Grafana shows what the size of the number needs. The option `most` says how many are
enough.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, LintProject, Preset, Safety, lint_rule

_MOST = 4
_EXACT = ("currency", "degree", "locale", "sci")


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.UNSAFE,
    bad="""
        title: Memory
        query: sum(process_resident_memory_bytes)
        decimals: 6
    """,
    good="""
        title: Memory
        query: sum(process_resident_memory_bytes)
    """,
)
def check(panel: LintPanel, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for too many decimals; coins and coordinates have them."""
    most = project.option("panel/too-many-decimals", "most", _MOST)
    if panel.decimals is not None and panel.decimals > most and not (panel.unit or "").startswith(_EXACT):
        message = f"{panel.words} shows {panel.decimals} decimals"
        hint = "leave `decimals:` out"
        yield panel.problem(message, "decimals", hint=hint, edits=panel.remove(("decimals",)))
