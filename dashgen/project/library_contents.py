"""What a use of a shipped component brings: panels, recorded series and alerts."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from dashgen.model.library_example import LibraryExample
from dashgen.model.settled_alerts import SettledRecord
from dashgen.project.inspection import Inspection, inspect_project
from dashgen.project.library_project import write_example
from dashgen.source.components import Component


class BroughtPart(Struct, frozen=True):
    """A panel, recording rule or alert that a use brings, and what it is for."""

    kind: str
    name: str
    text: str


def inspected_example(component: Component, example: LibraryExample) -> Inspection:
    """The project of an example, settled."""
    with tempfile.TemporaryDirectory(prefix="dashgen-library-") as folder:
        root = Path(folder)
        write_example(root, component, example)
        return inspect_project(root)


def brought_parts(inspection: Inspection) -> Iterator[BroughtPart]:
    """What a project of an example has because of the component."""
    for dashboard in inspection.dashboards:
        for panel in (panel for row in dashboard.settled.rows for panel in row.panels):
            if dashboard.resolved.origin(panel.path).document.shipped:
                yield BroughtPart("panel", panel.panel.title, panel.panel.description or "")
    for group in inspection.groups:
        for record in (rule for rule in group.rules if isinstance(rule, SettledRecord)):
            yield BroughtPart("recording rule", record.rule.record, f"group `{group.name}`")
    for group in inspection.groups:
        for alert in group.alerts:
            text = " ".join((alert.rule.description or alert.rule.summary or "").split())
            yield BroughtPart("alert", alert.rule.alert, f"{alert.labels.get('severity', '')}: {text}")
