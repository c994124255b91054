"""``dashgen explain``."""

import sys
from pathlib import Path
from typing import Annotated, Any

import orjson

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
from dashgen.core.diagnostics import Location, nearest
from dashgen.core.diagnostics.frame import clean
from dashgen.core.reporters.text_table import draw_table
from dashgen.model.settled_dashboard import SettledPanel, SettledRow
from dashgen.project.explanation import Explanation, explain_panel, find_panel, panel_type
from dashgen.project.inspection import InspectedDashboard, Inspection, inspect_project
from dashgen.source.provenance import Origin


def explain(
    path: Annotated[
        str,
        Argument(
            metavar="PATH",
            help="`dashboard-uid/panel-key`, or a dashboard's uid alone.",
            completion="panel_paths",
        ),
    ],
    project: ProjectFolder = Path(),
    env: Environment = None,
    json: Annotated[bool, Option("--json", help="Print only the panel's (or dashboard's) JSON.")] = False,
    output_format: ListOutputFormat = ListFormat.TEXT,
) -> None:
    """Say how a panel came to be.

    Where it is written, which component it comes from, what was derived and why, and what each line became. With a
    dashboard's uid alone, list its panels and their keys.

    Example: dashgen explain mission-control/success-rate
    """
    found = inspect_project(project, env)
    uid, _, key = path.partition("/")
    dashboard = _find_dashboard(found, uid)
    if not key:
        _show_dashboard(found, dashboard, json=json, form=output_format)
    else:
        explanation = explain_panel(found, dashboard, *_find_panel(found, dashboard, key))
        if json:
            _print_data(explanation.data)
        elif output_format is ListFormat.JSON:
            print_json(_plain(explanation))
        else:
            sys.stdout.write(_text(explanation))
    report(found.diagnostics, Format.TEXT, found.workspace.root)
    finish(found.diagnostics)


def _find_dashboard(found: Inspection, uid: str) -> InspectedDashboard:
    dashboard = next((d for d in found.dashboards if d.settled.uid == uid), None)
    if dashboard is None:
        report(found.diagnostics, Format.TEXT, found.workspace.root)
        hint = nearest(uid, [d.settled.uid for d in found.dashboards])
        usage_error(f"no spec defines a dashboard with the uid `{uid}`", hint)
    return dashboard


def _find_panel(
    found: Inspection, dashboard: InspectedDashboard, key: str
) -> tuple[SettledRow, SettledPanel]:
    place = find_panel(dashboard, key)
    if place is None:
        report(found.diagnostics, Format.TEXT, found.workspace.root)
        uid = dashboard.settled.uid
        keys = [panel.key for row in dashboard.settled.rows for panel in row.panels]
        hint = nearest(key, keys) or f"`dashgen explain {uid}` lists its panels"
        usage_error(f"`{uid}` has no panel with the key `{key}`", hint)
    return place


def _show_dashboard(
    found: Inspection, dashboard: InspectedDashboard, *, json: bool, form: ListFormat
) -> None:
    settled, resolved = dashboard.settled, dashboard.resolved
    if json:
        _print_data(found.json_of(dashboard) or {})
        return
    panels = [panel for row in settled.rows for panel in row.panels]
    if form is ListFormat.JSON:
        listed = [
            {
                "path": f"{settled.uid}/{panel.key}",
                "id": panel.id,
                "type": panel_type(panel.panel),
                "title": panel.panel.title,
                **_place(_outermost(resolved.origin(panel.path))),
            }
            for panel in panels
        ]
        print_json({"dashboard": settled.uid, "title": settled.dashboard.title, "panels": listed})
        return
    rows = [
        (
            f"{settled.uid}/{panel.key}",
            panel_type(panel.panel),
            panel.panel.title,
            _line(_outermost(resolved.origin(panel.path))),
        )
        for panel in panels
    ]
    place = _line(resolved.origin().location())
    sys.stdout.write(f"{settled.dashboard.title}, {place}\n\n")
    sys.stdout.write(draw_table(("PATH", "TYPE", "TITLE", "PLACE"), rows))


def _outermost(origin: Origin) -> Location:
    """The line of the dashboard's own spec that a panel comes from, also when that line uses a component."""
    while origin.via is not None:
        origin = origin.via
    return origin.location()


def _text(found: Explanation) -> str:
    lines = [f"{found.title or found.key} ({found.type}), {found.uid}/{found.key}", ""]
    lines.append(f"written at {_line(found.location)}")
    lines += [f"  the component `{use.name}`, used at {_line(use.used)}" for use in found.components]
    lines.append("")
    names = max(len(fact.name) for fact in found.facts)
    for fact in found.facts:
        value = " ".join(fact.value.split())
        lines.append(f"{fact.name:{names}}  {value}")
        lines.append(f"{'':{names}}    {fact.reason}")
    lines += ["", "what each line became:"]
    places = [("default, " if line.default else "") + _line(line.location) for line in found.lines]
    widest = max(map(len, places), default=0)
    keys = max((len(line.key) for line in found.lines), default=0)
    for place, line in zip(places, found.lines, strict=True):
        became = ", ".join(line.json) or "(nothing: it is the same without this key)"
        lines.append(f"  {place:{widest}}  {line.key:{keys}}  {became}")
    return "\n".join(clean(line) for line in lines) + "\n"


def _plain(found: Explanation) -> dict[str, Any]:
    return {
        "path": f"{found.uid}/{found.key}",
        "title": found.title,
        "type": found.type,
        **_place(found.location),
        "components": [
            {"name": use.name, "body": _place(use.body), "used": _place(use.used)} for use in found.components
        ],
        "facts": [{"name": f.name, "value": f.value, "reason": f.reason} for f in found.facts],
        "lines": [
            {"key": line.key, **_place(line.location), "default": line.default, "json": list(line.json)}
            for line in found.lines
        ],
        "panel": found.data,
    }


def _place(location: Location) -> dict[str, Any]:
    return {"file": location.file, "line": location.span.line if location.span else None}


def _line(location: Location) -> str:
    return f"{location.file}:{location.span.line}" if location.span else str(location.file)


def _print_data(data: dict[str, Any]) -> None:
    sys.stdout.write(orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode() + "\n")
