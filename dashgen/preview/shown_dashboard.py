"""The dashboards that are shown, and where their specs are."""

from collections.abc import Collection, Mapping

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.json_values import Json, items, text
from dashgen.project.inspection import InspectedDashboard, Inspection


class ShownDashboard(Struct, frozen=True):
    """A dashboard that is shown.

    Attributes:
        data: Grafana's JSON in the extended classic form.
        folder: the title of its folder.
        location: the file and line of its spec.
        panel_locations: the file and line of each panel's spec, by the panel's number.
        panel_keys: the numbers of panels by their keys in the spec.
    """

    data: Json
    folder: str = ""
    location: str = ""
    panel_locations: Mapping[int, str] = {}
    panel_keys: Mapping[str, int] = {}

    @property
    def uid(self) -> str:
        """Its uid."""
        return text(self.data.get("uid"))

    @property
    def title(self) -> str:
        """Its title."""
        return text(self.data.get("title"))

    @property
    def tags(self) -> list[str]:
        """Its tags."""
        return [tag for tag in items(self.data.get("tags")) if isinstance(tag, str)]


def project_dashboards(
    inspection: Inspection, uids: Collection[str] = (), findings: list[Diagnostic] | None = None
) -> list[ShownDashboard]:
    """The dashboards of a project that compile, in the order of `dashgen list`.

    Args:
        inspection: the settled specs.
        uids: those that are wanted; all when there are none.
        findings: what servers would refuse of them joins it.
    """
    problems: list[Diagnostic] = [] if findings is None else findings
    return [
        ShownDashboard(
            compiled.data,
            inspection.compiler.folder(one.settled) or "",
            shown_location(one.resolved.origin(("title",)).location()),
            _panel_locations(one),
            {panel.key: panel.id for row in one.settled.rows for panel in row.panels},
        )
        for one in inspection.dashboards
        if (not uids or one.settled.uid in uids)
        and (compiled := inspection.compiler.one(one.resolved, problems)) is not None
    ]


def _panel_locations(dashboard: InspectedDashboard) -> dict[int, str]:
    return {
        panel.id: shown_location(dashboard.resolved.origin(panel.path).location())
        for row in dashboard.settled.rows
        for panel in row.panels
    }


def shown_location(location: Location) -> str:
    """A location as people follow it: file and line."""
    return f"{location.file}:{location.span.line}" if location.span else location.file
