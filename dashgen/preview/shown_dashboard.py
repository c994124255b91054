"""The dashboards that are shown, and where their specs are."""

from collections.abc import Collection, Mapping

from msgspec import Struct

from dashgen.core.diagnostics import Location
from dashgen.core.json_values import Json, text
from dashgen.project.inspection import InspectedDashboard, Inspection


class ShownDashboard(Struct, frozen=True):
    """A dashboard that is shown.

    Attributes:
        data: Grafana's JSON in the extended classic form.
        folder: the title of its folder.
        place: the file and line of its spec.
        panel_places: the file and line of each panel's spec, by the panel's number.
    """

    data: Json
    folder: str = ""
    place: str = ""
    panel_places: Mapping[int, str] = {}

    @property
    def uid(self) -> str:
        """Its uid."""
        return text(self.data.get("uid"))

    @property
    def title(self) -> str:
        """Its title."""
        return text(self.data.get("title"))


def project_dashboards(inspection: Inspection, uids: Collection[str] = ()) -> list[ShownDashboard]:
    """The dashboards of a project that compile, in the order of `dashgen list`.

    Args:
        inspection: the settled specs.
        uids: those that are wanted; all when there are none.
    """
    return [
        ShownDashboard(
            data,
            inspection.compiler.folder(one.settled) or "",
            _shown(one.resolved.origin(("title",)).location()),
            _panel_places(one),
        )
        for one in inspection.dashboards
        if (not uids or one.settled.uid in uids) and (data := inspection.json_of(one)) is not None
    ]


def _panel_places(dashboard: InspectedDashboard) -> dict[int, str]:
    return {
        panel.id: _shown(dashboard.resolved.origin(panel.path).location())
        for row in dashboard.settled.rows
        for panel in row.panels
    }


def _shown(location: Location) -> str:
    return f"{location.file}:{location.span.line}" if location.span else location.file
