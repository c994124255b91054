"""From Grafana's JSON of a dashboard and what a viewer chooses to what a page draws."""

from dashgen.core.json_values import Json
from dashgen.doctor.live.query_moments import zone_of
from dashgen.drawing.drawing_context import DrawingContext
from dashgen.drawing.fields.themes import ThemeName
from dashgen.preview.views.view import VariableOptions, View
from dashgen.preview.views.view_links import viewed_links
from dashgen.preview.views.view_sections import SectionReader, SectionScope
from dashgen.preview.views.view_time import range_of, view_time
from dashgen.preview.views.view_variables import (
    chosen_values,
    dashboard_variables,
    variable_texts,
    viewed_variables,
    with_source_options,
)
from dashgen.preview.views.viewed_dashboard import ViewedDashboard


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
    time = view_time(dashboard, view)
    timed = {**dashboard, "time": time}
    options = with_source_options(timed, options)
    reader = SectionReader(timed, view, options, now_ms)
    values = reader.values(SectionScope())
    variables = viewed_variables(dashboard_variables(timed), options, values, view)
    context = DrawingContext(
        range_of(reader.window), now_ms, theme, zone_of(timed), variable_texts(values), prefix="p"
    )
    chosen = {**view.variables, **chosen_values(variables)}
    complete = View(time["from"], time["to"], chosen, view.tab)
    links = viewed_links(timed, reader.texts(values))
    return ViewedDashboard(timed, complete, reader.sections(), context, variables, links)
