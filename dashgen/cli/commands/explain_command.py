"""``dashgen explain``."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import orjson

from dashgen.cli.commands.rule_command import explanation as explanation_of_rule
from dashgen.cli.documents.explain_document import (
    ExplainedPanel,
    dashboard_document,
    explained_place,
    panel_document,
    report_explanation,
)
from dashgen.cli.documents.topic_document import topics_document
from dashgen.cli.options import (
    Environment,
    Format,
    ListFormat,
    ListOutputFormat,
    ProjectFolder,
    finish,
    usage_error,
)
from dashgen.cli.output import print_json, report
from dashgen.cli.parameters import Argument, Option
from dashgen.cli.topics import find_topic, topic_names
from dashgen.core.diagnostics import Location, nearest
from dashgen.core.diagnostics.frame import clean
from dashgen.core.diagnostics.rule_table import lint_rule_names
from dashgen.core.diagnostics.rule_texts import rule_texts
from dashgen.core.reporters.text_table import draw_table
from dashgen.model.settled_dashboard import SettledPanel, SettledRow
from dashgen.model.settled_report import SettledReport
from dashgen.project.explanation import Explanation, explain_panel, find_panel, panel_type, sections_around
from dashgen.project.inspection import InspectedDashboard, Inspection, inspect_project
from dashgen.project.report_explanation import explained_facts, explained_parts
from dashgen.source.provenance import Origin
from dashgen.workspace.input_files import find_project


def explain(
    path: Annotated[
        str | None,
        Argument(
            metavar="[TOPIC|PATH]",
            help="A topic, such as `units`; `dashboard-uid/panel-key`, or only `dashboard-uid`, or a report's uid; "
            "a rule, such as `query/metric`; default: the list of topics.",
            completion="explained_names",
        ),
    ] = None,
    project: ProjectFolder = Path(),
    env: Environment = None,
    json: Annotated[bool, Option("--json", help="Print only the JSON of the panel or dashboard.")] = False,
    output_format: ListOutputFormat = ListFormat.TEXT,
) -> None:
    """Explain a topic, or where everything in a panel comes from.

    Of a panel, shows where it is written, which component it comes from, which values were derived and
    why, and what each line became in Grafana's JSON. With only a dashboard's uid, list its panels and
    their keys; with a report's, its figures, tables and charts. Topics are short texts with an example;
    rules are explained as by `dashgen rule`.

    Example: dashgen explain mission-control/success-rate
    """
    if _is_explained_without_project(path, output_format):
        return
    inspection = inspect_project(project, env)
    uid, _, key = (path or "").partition("/")
    explained_report = _find_report(inspection, uid) if not key else None
    if explained_report is not None:
        _show_report(explained_report, json=json, form=output_format)
        report(inspection.diagnostics, Format.TEXT, inspection.workspace.root)
        finish(inspection.diagnostics)
        return
    dashboard = _find_dashboard(inspection, uid)
    if not key:
        _show_dashboard(inspection, dashboard, json=json, form=output_format)
    else:
        explanation = explain_panel(inspection, dashboard, *_find_panel(inspection, dashboard, key))
        if json:
            _print_data(explanation.data)
        elif output_format is ListFormat.JSON:
            print_json(panel_document(explanation))
        else:
            sys.stdout.write(_text(explanation))
    report(inspection.diagnostics, Format.TEXT, inspection.workspace.root)
    finish(inspection.diagnostics)


def _is_explained_without_project(path: str | None, form: ListFormat) -> bool:
    """Print the list of topics, a topic or a rule, if that is meant.

    A dashboard that has the name of a topic is explained by its uid with a slash behind it.
    """
    if path is None:
        topics = [topic for name in topic_names() if (topic := find_topic(name)) is not None]
        if form is ListFormat.JSON:
            print_json(topics_document(topics))
        else:
            sys.stdout.write(
                draw_table(("TOPIC", "WHAT IT SAYS"), [(one.name, one.summary) for one in topics])
            )
            sys.stdout.flush()
            sys.stderr.write(
                "`dashgen explain TOPIC` prints one; `dashgen explain UID/PANEL` explains a panel\n"
            )
        return True
    topic = find_topic(path)
    if topic is not None:
        if form is ListFormat.JSON:
            print_json(topics_document([topic]))
        else:
            sys.stdout.write(topic.text)
        return True
    if path not in rule_texts() and path not in lint_rule_names():
        return False
    if form is ListFormat.JSON:
        from dashgen.cli.documents.rules_document import rules_document  # imports every lint rule

        print_json(rules_document([path]))
    else:
        sys.stdout.write(explanation_of_rule(path))
    return True


def _find_report(inspection: Inspection, uid: str) -> SettledReport | None:
    """The report with a uid that no dashboard has; None when there is none."""
    if any(dashboard.settled.uid == uid for dashboard in inspection.dashboards):
        return None
    return next((one for one in inspection.reports if one.spec.uid == uid), None)


def _show_report(explained: SettledReport, *, json: bool, form: ListFormat) -> None:
    if json:
        usage_error("a report is no JSON of Grafana's", "`--format json` explains it")
    parts = list(explained_parts(explained))
    if form is ListFormat.JSON:
        print_json(report_explanation(explained, parts))
        return
    width = max(len(name) for name, _ in explained_facts(explained))
    lines = [
        f"{explained.spec.title} (report), {explained.spec.uid}",
        "",
        f"written at {_line(explained.location)}",
    ]
    lines += [f"{name:{width}}  {value}" for name, value in explained_facts(explained)]
    sys.stdout.write("".join(f"{clean(line)}\n" for line in [*lines, ""]))
    rows = [
        (part.kind, part.name, part.title, part.unit, part.reason, part.source, _line(part.location))
        for part in parts
    ]
    sys.stdout.write(draw_table(("PART", "NAME", "TITLE", "UNIT", "WHY", "DATA SOURCE", "PLACE"), rows))


def _find_dashboard(inspection: Inspection, uid: str) -> InspectedDashboard:
    dashboard = next((d for d in inspection.dashboards if d.settled.uid == uid), None)
    if dashboard is None:
        uids = [d.settled.uid for d in inspection.dashboards]
        is_project = find_project(inspection.workspace.root) is not None
        if is_project:
            report(inspection.diagnostics, Format.TEXT, inspection.workspace.root)
        hint = nearest(uid, [*uids, *topic_names()]) or "`dashgen explain` lists the topics"
        what = "there is no topic" if not is_project else "there is no topic, no dashboard and no report"
        usage_error(f"{what} `{clean(uid)}`", hint)
    return dashboard


def _find_panel(
    inspection: Inspection, dashboard: InspectedDashboard, key: str
) -> tuple[SettledRow, SettledPanel]:
    row_and_panel = find_panel(dashboard, key)
    if row_and_panel is None:
        report(inspection.diagnostics, Format.TEXT, inspection.workspace.root)
        uid = dashboard.settled.uid
        keys = [panel.key for row in dashboard.settled.rows for panel in row.panels]
        hint = nearest(key, keys) or f"`dashgen explain {uid}` lists its panels"
        usage_error(f"`{uid}` has no panel with the key `{key}`", hint)
    return row_and_panel


def _show_dashboard(
    inspection: Inspection, dashboard: InspectedDashboard, *, json: bool, form: ListFormat
) -> None:
    settled, resolved = dashboard.settled, dashboard.resolved
    if json:
        _print_data(inspection.json_of(dashboard) or {})
        return
    panels = [panel for row in settled.rows for panel in row.panels]
    if form is ListFormat.JSON:
        locations = [explained_place(_outermost(resolved.origin(panel.path))) for panel in panels]
        listed = [
            ExplainedPanel(
                f"{settled.uid}/{panel.key}",
                panel.id,
                panel_type(panel.panel),
                panel.panel.title,
                position.file,
                position.line,
                sections_around(settled, panel.path),
            )
            for panel, position in zip(panels, locations, strict=True)
        ]
        print_json(dashboard_document(settled, listed))
        return
    rows: list[tuple[str, ...]] = [
        (
            f"{settled.uid}/{panel.key}",
            panel_type(panel.panel),
            panel.panel.title,
            _line(_outermost(resolved.origin(panel.path))),
        )
        for panel in panels
    ]
    location = _line(resolved.origin().location())
    sys.stdout.write(f"{settled.dashboard.title}, {location}\n\n")
    header: tuple[str, ...] = ("PATH", "TYPE", "TITLE", "PLACE")
    if any(row.kind == "tab" or row.level for row in settled.rows):
        # Of a dashboard with rows alone the order of the panels tells where they are.
        sections = (" / ".join(sections_around(settled, panel.path)) for panel in panels)
        rows = [(*row, section) for row, section in zip(rows, sections, strict=True)]
        header = (*header, "SECTION")
    sys.stdout.write(draw_table(header, rows))


def _outermost(origin: Origin) -> Location:
    """The line of the dashboard's own spec, also for a panel whose body is in a component."""
    while origin.via is not None:
        origin = origin.via
    return origin.location()


def _text(explanation: Explanation) -> str:
    lines = [
        f"{explanation.title or explanation.key} ({explanation.type}), {explanation.uid}/{explanation.key}",
        "",
        f"written at {_line(explanation.location)}",
        *(f"  the component `{use.name}`, used at {_line(use.used)}" for use in explanation.components),
        "",
    ]
    name_width = max(len(fact.name) for fact in explanation.facts)
    for fact in explanation.facts:
        lines.append(f"{fact.name:{name_width}}  {' '.join(fact.value.split())}")
        lines.append(f"{'':{name_width}}    {fact.reason}")
    lines += ["", "what each line became:"]
    locations = [("default, " if line.default else "") + _line(line.location) for line in explanation.lines]
    location_width = max(map(len, locations), default=0)
    key_width = max((len(line.key) for line in explanation.lines), default=0)
    for location, line in zip(locations, explanation.lines, strict=True):
        became = ", ".join(line.json) or "(nothing: the panel is the same without this key)"
        lines.append(f"  {location:{location_width}}  {line.key:{key_width}}  {became}")
    return "\n".join(clean(line) for line in lines) + "\n"


def _line(location: Location) -> str:
    return f"{location.file}:{location.span.line}" if location.span else str(location.file)


def _print_data(data: Mapping[str, object]) -> None:
    sys.stdout.write(orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode() + "\n")
