"""The verdicts on all panels as text and JUnit XML."""

from collections import Counter
from typing import Final

from dashgen.core.diagnostics import Diagnostic
from dashgen.core.diagnostics.frame import clean
from dashgen.core.reporters.junit_report import Case, junit
from dashgen.doctor.live.check_live import LiveReport
from dashgen.doctor.live.panel_verdict import PanelVerdict, QueryState, by_panel

_WIDTH: Final = max(len(state) for state in QueryState)


def as_text(checked: LiveReport) -> str:
    """A line for each panel below its dashboard, and how many there are of each state."""
    lines: list[str] = []
    dashboard = ""
    for panel in by_panel(checked.verdicts):
        query = panel.worst.query
        if query.dashboard != dashboard:
            dashboard = query.dashboard
            lines.append(clean(f"{query.dashboard_title} ({dashboard})"))
        lines.append(
            f"  {panel.worst.state:<{_WIDTH}}  {clean(query.panel or str(query.panel_id))}{_measure(panel)}"
        )
    counted = Counter(panel.worst.state for panel in by_panel(checked.verdicts))
    parts = [f"{counted[state]} {state}" for state in QueryState if counted[state]]
    total = sum(counted.values())
    lines.append(
        f"{total} panel{'s' * (total != 1)}: {', '.join(parts)}" if parts else "there are no queries"
    )
    return "".join(f"{line}\n" for line in lines)


def servers_down(checked: LiveReport) -> list[Diagnostic]:
    """The servers that do not answer."""
    return [
        Diagnostic("live/unreachable", clean(f"{one.cause}: {one.evidence}"), hint=one.fix)
        for one in checked.servers
    ]


def as_junit(checked: LiveReport) -> str:
    """A test for each panel, and one that fails for each server that does not answer."""
    down = [Case("servers", one.what, one.cause, f"{one.evidence}\n{one.fix}") for one in checked.servers]
    return junit("dashgen check --live", [*down, *map(_case, by_panel(checked.verdicts))])


def _measure(panel: PanelVerdict) -> str:
    if panel.worst.state is QueryState.NOT_ASKED:
        return (
            f": no server of type {panel.worst.query.source_type} to ask"
            if not panel.worst.answer.error
            else ""
        )
    rows = f"{panel.rows} row{'s' * (panel.rows != 1)}"
    return f" ({rows})" if panel.worst.state is QueryState.DATA else ""


def _case(panel: PanelVerdict) -> Case:
    worst = panel.worst
    query, finding = worst.query, worst.finding
    name = f"{query.panel or query.panel_id}"
    seconds = sum(one.answer.seconds for one in panel.verdicts)
    group = f"dashboard {query.dashboard}"
    if finding is not None and finding.certain:
        details = "\n".join(filter(None, (finding.evidence, finding.fix, query.expr)))
        return Case(group, name, f"{worst.state}: {finding.cause}", details, seconds=seconds)
    remark = f"{worst.state}: {finding.cause}" if finding else ""
    remark = remark or ("" if worst.state is QueryState.DATA else str(worst.state))
    return Case(group, name, remark=remark, seconds=seconds)
