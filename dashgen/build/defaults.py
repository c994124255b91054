"""The project's defaults: what dashboards, panels and alert rules say unless they say otherwise."""

from dataclasses import dataclass
from typing import Any

from dashgen.build.workspace import Workspace
from dashgen.diagnostics import Diagnostic
from dashgen.model.parse import DEFAULT_PANEL_TYPE, convert
from dashgen.model.project import Defaults
from dashgen.spec.merge import merge_under
from dashgen.spec.provenance import Origin, Resolved
from dashgen.spec.resolve import Scope, resolve_values
from dashgen.spec.source import Path


@dataclass(frozen=True, slots=True)
class AppliedDefaults:
    """Defaults with their expressions evaluated, and where they were written."""

    defaults: Defaults
    origin: Origin | None

    def apply_to_dashboard(self, resolved: Resolved) -> None:
        """Merge the defaults under a dashboard and its panels."""
        if self.origin is None:
            return
        origins = resolved.origins
        data = merge_under(
            resolved.data, self.defaults.dashboard, (), self.origin.child("dashboard"), origins
        )
        resolved.data = data
        if not self.defaults.panel and not self.defaults.panels:
            return
        if isinstance(data.get("panels"), list):
            data["panels"] = self._panels(data["panels"], ("panels",), resolved, self.origin)
        rows = data.get("rows")
        if isinstance(rows, list):
            data["rows"] = [self._row(row, number, resolved, self.origin) for number, row in enumerate(rows)]

    def apply_to_rules(self, resolved: Resolved) -> None:
        """Merge the defaults under the alert rules of a group."""
        rules = resolved.data.get("rules")
        if self.origin is None or not self.defaults.rule or not isinstance(rules, list):
            return
        origin = self.origin.child("rule")
        resolved.data = {
            **resolved.data,
            "rules": [
                merge_under(rule, self.defaults.rule, ("rules", number), origin, resolved.origins)
                if isinstance(rule, dict) and "alert" in rule
                else rule
                for number, rule in enumerate(rules)
            ],
        }

    def _row(self, row: Any, number: int, resolved: Resolved, origin: Origin) -> Any:
        if not isinstance(row, dict) or not isinstance(row.get("panels"), list):
            return row
        return {**row, "panels": self._panels(row["panels"], ("rows", number, "panels"), resolved, origin)}

    def _panels(self, panels: list[Any], path: Path, resolved: Resolved, origin: Origin) -> list[Any]:
        return [
            self._panel(panel, (*path, number), resolved, origin) if isinstance(panel, dict) else panel
            for number, panel in enumerate(panels)
        ]

    def _panel(self, panel: dict[str, Any], path: Path, resolved: Resolved, origin: Origin) -> dict[str, Any]:
        kind = str(panel.get("type", DEFAULT_PANEL_TYPE))
        if of_type := self.defaults.panels.get(kind):
            panel = merge_under(panel, of_type, path, origin.child("panels").child(kind), resolved.origins)
        return merge_under(panel, self.defaults.panel, path, origin.child("panel"), resolved.origins)


def applied_defaults(workspace: Workspace, scope: Scope) -> tuple[AppliedDefaults, list[Diagnostic]]:
    """The defaults of a project for its environment."""
    document = workspace.document
    if document is None or not isinstance(document.data, dict) or not document.data.get("defaults"):
        return AppliedDefaults(Defaults(), None), []
    origin = Origin(document, ("defaults",))
    data, problems = resolve_values(origin, document.data["defaults"], scope)
    resolved = Resolved(document, {"defaults": data})
    defaults = None if problems else convert(Defaults, data, resolved, ("defaults",), problems)
    return AppliedDefaults(defaults or Defaults(), origin), problems
