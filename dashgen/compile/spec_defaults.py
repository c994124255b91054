"""Defaults: what dashboards, panels and alert rules say unless they say otherwise."""

from typing import Any

from msgspec import Struct, field

from dashgen.compile.lower.panels import panel_types
from dashgen.core.diagnostics import Diagnostic, nearest
from dashgen.core.json_values import Json
from dashgen.model.folder import Prefix
from dashgen.model.parse import DEFAULT_PANEL_TYPE, convert
from dashgen.model.project_file import Defaults
from dashgen.model.spec_sections import with_panels
from dashgen.source.deep_merge import merge_under
from dashgen.source.other_words import panel_type_hint
from dashgen.source.provenance import Origin, Reporter, Resolved
from dashgen.source.resolve import Scope, resolve_values
from dashgen.source.source import Path
from dashgen.workspace.name_prefixes import prefixed_dashboard, prefixed_rules
from dashgen.workspace.workspace import Workspace

_DEEP = ("raw",)


class AppliedDefaults(Struct, frozen=True):
    """Defaults with their expressions evaluated, and where they were written."""

    defaults: Defaults
    origin: Origin | None
    prefix: Prefix = field(default_factory=Prefix)

    def apply_to_dashboard(self, resolved: Resolved) -> None:
        """Merge the dashboard's defaults under its panels, and the project's under both."""
        _own(resolved).apply(resolved)
        if self.origin is not None:
            resolved.data = merge_under(
                resolved.data, self.defaults.dashboard, (), self.origin.child("dashboard"), resolved.origins
            )
            _PanelDefaults(self.defaults.panel, self.defaults.panels, self.origin).apply(resolved)
        resolved.data = prefixed_dashboard(resolved.data, self.prefix)

    def apply_to_rules(self, resolved: Resolved) -> None:
        """Merge the defaults under the alert rules of a group."""
        self._merge_rules(resolved)
        resolved.data = prefixed_rules(resolved.data, self.prefix)

    def _merge_rules(self, resolved: Resolved) -> None:
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


class _PanelDefaults(Struct, frozen=True):
    """What panels say unless they say otherwise, and where that was written."""

    panel: Json
    panels: Json
    origin: Origin

    def apply(self, resolved: Resolved) -> None:
        """Merge them under every panel of a dashboard."""
        if not self.panel and not self.panels:
            return
        resolved.data = with_panels(resolved.data, lambda panels, path: self._all(panels, path, resolved))

    def _all(self, panels: list[Any], path: Path, resolved: Resolved) -> list[Any]:
        return [
            self._one(panel, (*path, number), resolved) if isinstance(panel, dict) else panel
            for number, panel in enumerate(panels)
        ]

    def _one(self, panel: Json, path: Path, resolved: Resolved) -> Json:
        kind = str(panel.get("type", DEFAULT_PANEL_TYPE))
        origins = resolved.origins
        if isinstance(of_type := self.panels.get(kind), dict):
            origin = self.origin.child("panels").child(kind)
            panel = merge_under(panel, of_type, path, origin, origins, _DEEP)
        return merge_under(panel, self.panel, path, self.origin.child("panel"), origins, _DEEP)


def _own(resolved: Resolved) -> _PanelDefaults:
    """The defaults that a dashboard has for its panels; what is wrong with them is found by the parser."""
    defaults = resolved.data.get("defaults")
    panel, panels = (
        (defaults.get("panel"), defaults.get("panels")) if isinstance(defaults, dict) else (None, None)
    )
    return _PanelDefaults(
        panel if isinstance(panel, dict) else {},
        panels if isinstance(panels, dict) else {},
        resolved.origin(("defaults",)),
    )


def _unknown_types(resolved: Resolved) -> list[Diagnostic]:
    """Defaults of panel types that there are not: nothing would ever take them. A plugin's id has a dash."""
    panels = resolved.data["defaults"].get("panels") if isinstance(resolved.data["defaults"], dict) else None
    types = panel_types()
    problems = []
    for kind in panels if isinstance(panels, dict) else ():
        hint = panel_type_hint(kind, types)
        if kind not in types and (hint or "-" not in kind):
            message = f"there is no panel type `{kind}`"
            path = ("defaults", "panels", kind)
            problems.append(
                resolved.diagnostic("panel/type", message, path, hint or nearest(kind, types), key=True)
            )
    return problems


def applied_defaults(workspace: Workspace, scope: Scope) -> tuple[AppliedDefaults, list[Diagnostic]]:
    """The defaults of a project for its environment."""
    document = workspace.document
    if document is None or not isinstance(document.data, dict) or not document.data.get("defaults"):
        return AppliedDefaults(Defaults(), None, workspace.prefix), []
    origin = Origin(document, ("defaults",))
    data, problems = resolve_values(origin, document.data["defaults"], scope)
    resolved = Resolved(document, {"defaults": data})
    problems += _unknown_types(resolved)
    report = Reporter(resolved, ("defaults",), problems)
    defaults = None if problems else convert(Defaults, data, report)
    return AppliedDefaults(defaults or Defaults(), origin, workspace.prefix), problems
