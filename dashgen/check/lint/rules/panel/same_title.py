"""Two panels of one row have one title and one type.

Readers compare them and wonder what differs; an alert that links to one of them opens the wrong one in their
eyes.

Put what differs into the titles.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, lint_rule

_OWN_SIZE = 4


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        kind: Dashboard
        title: Example
        panels:
          - {title: Memory, key: one, query: 'sum(process_resident_memory_bytes)'}
          - {title: Memory, key: other, query: 'max(process_resident_memory_bytes)'}
    """,
    good="""
        kind: Dashboard
        title: Example
        panels:
          - {title: Memory, query: 'sum(process_resident_memory_bytes)'}
          - {title: Memory of the largest, query: 'max(process_resident_memory_bytes)'}
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for a panel whose title and type an earlier one of its row has."""
    if panel.row is None or not _is_compared(panel):
        return
    for other in reversed(_before(panel, panel.row.panels)):
        if other.type == "text":
            return  # a heading: another part begins
        if _name(other) == _name(panel) and not other.repeat:
            message = f"another panel of the row is called `{panel.title}` too"
            yield panel.problem(message, "title", hint="put what differs into the titles")
            return


def _name(panel: LintPanel) -> tuple[str, str]:
    return panel.title.strip().casefold(), panel.type


def _is_compared(panel: LintPanel) -> bool:
    # `Used` and `Drop rate` are small, and stand beside the larger figures that they belong to.
    _, _, width, height = panel.grid
    is_small = 0 < width < _OWN_SIZE or 0 < height < _OWN_SIZE
    is_part = panel.type in ("stat", "gauge") and (is_small or " " not in panel.title.strip())
    return bool(panel.title.strip()) and not panel.repeat and panel.type != "text" and not is_part


def _before(panel: LintPanel, panels: list[LintPanel]) -> list[LintPanel]:
    """The panels above and to the left of one, in the order in which they are read."""
    read = sorted(panels, key=lambda one: (one.grid[1], one.grid[0]))
    return read[: next(number for number, one in enumerate(read) if one is panel)]
