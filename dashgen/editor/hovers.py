"""The help for what a cursor is on: a metric of the contract, a component, or what a panel becomes."""

from collections.abc import Sequence

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.editor.component_names import used_component
from dashgen.editor.open_project import MetricHelp, OpenProject
from dashgen.editor.query_cursor import query_at
from dashgen.project.inspection import InspectedDashboard, inspect_specs
from dashgen.project.lint.run_lint import spec_overlay
from dashgen.source.components import RULE_GROUPS, Component
from dashgen.workspace.workspace import open_workspace

_TITLE = lazy_pattern(r"(?:^|[{,\s])title\s*:")


def hover(project: OpenProject, name: str, lines: Sequence[str], line: int, column: int) -> str:
    """The help for the word at a cursor, as Markdown; empty when there is none.

    Args:
        project: the project.
        name: the file.
        lines: its lines.
        line: the cursor's line, from 0.
        column: the number of characters before the cursor.
    """
    cursor = query_at(lines, line, column)
    if cursor is not None:
        metric = project.metrics().get(cursor.word)
        return _metric_text(metric) if metric is not None else ""
    text = lines[line] if line < len(lines) else ""
    if used := used_component(lines, line, column):
        component = project.components().get(used)
        return _component_text(component) if component is not None else ""
    return _panel_text(project, name, line) if _TITLE.search(text) else ""


def _metric_text(help_: MetricHelp) -> str:
    metric = help_.metric
    facts = [metric.type, *([f"unit `{metric.unit}`"] if metric.unit else [])]
    labels = [f"`{label}`{_values_text(metric.labels.get(label))}" for label in sorted(help_.labels)]
    parts = [f"**{help_.name}** ({', '.join(facts)})", metric.help]
    if metric.deprecated:
        parts.append(f"deprecated: {metric.deprecated}")
    if labels:
        parts.append("labels: " + ", ".join(labels))
    return "\n\n".join(parts)


def _values_text(values: object) -> str:
    return f" ({', '.join(map(str, values))})" if isinstance(values, list) else ""


def _component_text(component: Component) -> str:
    parameters = ", ".join(f"`{name}`" for name in component.parameters) or "none"
    kind = "rules" if component.kind == RULE_GROUPS else f"a {component.kind}"
    head = f"**{component.name}**: {kind}" + (
        " with rules" if component.rule_groups and kind != "rules" else ""
    )
    place = "" if component.origin.document.shipped else str(component.origin.location())
    return "\n\n".join(filter(None, [head, component.summary, f"parameters: {parameters}", place]))


def _panel_text(project: OpenProject, name: str, line: int) -> str:
    """What a panel becomes: the values that its spec leaves out, and why they are these."""
    workspace = open_workspace(project.root)
    with spec_overlay(workspace.spec_files(), project.texts) as files:
        inspection = inspect_specs(workspace, files, {name})
    for dashboard in inspection.dashboards:
        text = _panel_of(dashboard, name, line)
        if text:
            return text
    return ""


def _panel_of(dashboard: InspectedDashboard, name: str, line: int) -> str:
    for row in dashboard.settled.rows:
        for panel in row.panels:
            location = dashboard.resolved.origin((*panel.path, "title")).location()
            if location.file != name or location.span is None or location.span.line != line + 1:
                continue
            grid = panel.grid
            position = f"{grid.w} by {grid.h} at column {grid.x} of row {grid.y}"
            facts = [
                f"**{panel.panel.title}** becomes a `{panel.panel.type_id}` panel, id {panel.id}, {position}",
                *([f"unit `{panel.unit}`"] if panel.unit else []),
                *(f"{key}: {reason}" for key, reason in panel.derived.items()),
            ]
            return "\n\n".join(facts)
    return ""
