"""Which views of a dashboard are in a page that nobody serves."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from dashgen.core.json_values import Json
from dashgen.preview.sources.panel_source import PanelSource
from dashgen.preview.views.view import View
from dashgen.preview.views.view_dashboard import viewed_dashboard

_HIDDEN: Final = 2


class ViewChoice(Struct, frozen=True):
    """What the page has of each dashboard, beside what it opens with.

    Attributes:
        ranges: pairs of a start and an end, as Grafana writes them.
        variables: the values that variables open with, instead of the dashboards' own.
        most_values: of how many values of a variable there is a view.
        most_views: how many views of a dashboard there are at most.
    """

    ranges: Sequence[tuple[str, str]] = ()
    variables: Mapping[str, tuple[str, ...]] = {}
    most_values: int = 4
    most_views: int = 8


def page_views(dashboard: Json, source: PanelSource, choice: ViewChoice) -> list[View]:
    """The views of a dashboard, the one that it opens with first.

    Args:
        dashboard: Grafana's JSON in the extended classic form.
        source: has the options of variables.
        choice: what is wanted.
    """
    opened = View(variables=choice.variables)
    views = [opened, *(View(start, end, choice.variables) for start, end in choice.ranges)]
    for name, value in _single_values(dashboard, opened, source, choice.most_values):
        if len(views) >= choice.most_views:
            break
        views.append(View(variables={**choice.variables, name: (value,)}))
    return views


def _single_values(
    dashboard: Json, opened: View, source: PanelSource, most: int
) -> Iterator[tuple[str, str]]:  # fmt: skip
    """Each value of each variable that is not chosen already."""
    viewed = viewed_dashboard(dashboard, opened, source.variable_options(dashboard, opened), source.now_ms)
    for variable in viewed.variables:
        if variable.hide != _HIDDEN:
            others = [one.value for one in variable.options if (one.value,) != tuple(variable.values)]
            yield from ((variable.name, value) for value in others[:most])
