"""From Grafana's JSON of a dashboard and what a viewer chooses to what a page draws."""

from typing import Final

from dashgen.core.json_values import Json, mapping, text
from dashgen.drawing.drawing_context import DrawingContext
from dashgen.drawing.fields.themes import ThemeName
from dashgen.preview.views.view import VariableOptions, View
from dashgen.preview.views.view_links import viewed_links
from dashgen.preview.views.view_sections import SectionReader, SectionScope
from dashgen.preview.views.view_time import range_of
from dashgen.preview.views.view_variables import (
    chosen_values,
    dashboard_variables,
    variable_texts,
    viewed_variables,
    with_source_options,
)
from dashgen.preview.views.viewed_dashboard import ViewedDashboard

_DEFAULT_TIME: Final = {"from": "now-6h", "to": "now"}
_OF_THE_BROWSER: Final = ("", "browser", "utc", "UTC")


def viewed_dashboard(
    dashboard: Json, view: View, options: VariableOptions, now_ms: int, theme: ThemeName = "dark"
) -> ViewedDashboard:
    """A dashboard as it is looked at.

    Args:
        dashboard: Grafana's JSON in the extended classic form; `readable_dashboard` makes it of others.
        view: what is chosen.
        options: the options of variables that the dashboard does not have itself.
        now_ms: the present, in milliseconds since 1970.
        theme: of the pictures.
    """
    time = {**_DEFAULT_TIME, **mapping(dashboard.get("time"))}
    time = {"from": view.time_from or text(time["from"]), "to": view.time_to or text(time["to"])}
    timed = {**dashboard, "time": time}
    options = with_source_options(timed, options)
    reader = SectionReader(timed, view, options, now_ms)
    values = reader.values(SectionScope())
    variables = viewed_variables(dashboard_variables(timed), options, values)
    context = DrawingContext(
        range_of(reader.window), now_ms, theme, _zone(timed), variable_texts(values), prefix="p"
    )
    chosen = {**view.variables, **chosen_values(variables)}
    complete = View(time["from"], time["to"], chosen, view.tab)
    links = viewed_links(timed, reader.texts(values))
    return ViewedDashboard(timed, complete, reader.sections(), context, variables, links)


def _zone(dashboard: Json) -> str:
    # A zone of the browser's cannot be known here.
    zone = text(dashboard.get("timezone"))
    return "UTC" if zone in _OF_THE_BROWSER else zone
