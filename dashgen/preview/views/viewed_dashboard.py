"""What a page draws of a dashboard: a tree of rows, tabs and grids with the copies of repeated panels."""

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.json_values import Json, mapping
from dashgen.doctor.live.live_variables import VariableValues
from dashgen.drawing.drawing_context import DrawingContext
from dashgen.preview.views.view import VariableOption, View

SectionKind: TypeAlias = Literal["grid", "auto", "row", "tab"]


class ViewedPanel(Struct, frozen=True):
    """A panel, or one copy of a repeated one.

    Attributes:
        key: unique on the dashboard, and the same as long as the panel is the same: `12`, `12:tier=pro`.
        panel: Grafana's JSON. Title, description, links, texts, field config and transformations have their
            variables filled in; targets have not. `gridPos` is where it is drawn, in lines below the top of
            its section; `x` and `w` may be fractions, as five copies share 24 columns.
        texts: the text of each variable.
        values: the values of variables for its queries.
        time_range: the first and last moment shown, in milliseconds since 1970.
        time_note: what tells that this is not the time of the dashboard, such as `Last 1 hour`; empty
            where it is, or where the panel hides it.
    """

    key: str
    panel: Json
    texts: Mapping[str, str]
    values: VariableValues
    time_range: tuple[int, int]
    time_note: str = ""

    @property
    def place(self) -> tuple[float, float, float, float]:
        """Column, line, width and height in its section's grid."""
        grid = mapping(self.panel.get("gridPos"))
        return grid.get("x", 0), grid.get("y", 0), grid.get("w", 24), grid.get("h", 1)


class ViewedVariable(Struct, frozen=True):
    """A variable with what is chosen.

    Attributes:
        label: what people see beside its control.
        kind: as Grafana's JSON has it: `query`, `custom`, `interval`, `textbox`, `adhoc`, …
        options: what may be chosen, `All` first where it may be; empty for texts and filters.
        values: what is chosen: the values, as in a `View`.
        texts: the same as people see it.
        is_multi: whether several may be chosen.
        hide: 0 with label, 1 without label, 2 hidden, 3 in the menu of controls.
    """

    name: str
    label: str
    kind: str
    options: tuple[VariableOption, ...] = ()
    values: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    is_multi: bool = False
    hide: int = 0
    description: str = ""


class ViewedLink(Struct, frozen=True):
    """A link of a dashboard.

    Attributes:
        uid: of the dashboard that it leads to; empty for an address.
        tags: those of the dashboards that a list of links leads to; each of them is one link.
        keeps_time: whether the time goes along.
        keeps_variables: whether the values of variables go along.
    """

    title: str
    url: str = ""
    uid: str = ""
    tooltip: str = ""
    icon: str = ""
    tags: tuple[str, ...] = ()
    is_dropdown: bool = False
    opens_new: bool = False
    keeps_time: bool = False
    keeps_variables: bool = False


class ViewedSection(Struct, frozen=True):
    """A part of a dashboard.

    A `grid` or an `auto` (a grid that arranges itself) has panels and nothing else; a `row` or a `tab` has
    sections and no panels of its own: its grid comes first, then the rows or tabs in it.

    Attributes:
        key: unique on the dashboard and stable.
        is_folded: whether a row opens folded, or a tab is not the one that is open.
        has_header: whether the title of a row shows.
        panels: in the order of reading.
        layout: of an `auto`: `columns`, `columnWidth`, `rowHeight`, `fill`, each with its value.
        variables: those that are known in this section alone.
    """

    key: str
    kind: SectionKind
    title: str = ""
    is_folded: bool = False
    has_header: bool = True
    panels: tuple[ViewedPanel, ...] = ()
    sections: tuple["ViewedSection", ...] = ()
    layout: Json = {}
    variables: tuple[ViewedVariable, ...] = ()

    @property
    def all_panels(self) -> Iterator[ViewedPanel]:
        """Its panels and those of the sections in it, in the order of reading."""
        yield from self.panels
        for section in self.sections:
            yield from section.all_panels

    @property
    def height(self) -> float:
        """How many lines of the grid its own panels take."""
        return max((panel.place[1] + panel.place[3] for panel in self.panels), default=0)


class ViewedDashboard(Struct, frozen=True):
    """A dashboard at a time, with values of variables.

    Attributes:
        dashboard: Grafana's JSON, in the extended classic form.
        view: what was chosen, with what the dashboard opens with in the place of what was not.
        sections: its parts from top to bottom.
        context: what pictures of it depend on; `context_of` has that of one panel.
        variables: the variables of the dashboard; those of sections are there.
        links: the dashboard's own links.
    """

    dashboard: Json
    view: View
    sections: tuple[ViewedSection, ...]
    context: DrawingContext
    variables: tuple[ViewedVariable, ...] = ()
    links: tuple[ViewedLink, ...] = ()

    @property
    def panels(self) -> Iterator[ViewedPanel]:
        """All panels, in the order of reading; also those in folded rows and closed tabs."""
        for section in self.sections:
            yield from section.all_panels

    def context_of(self, panel: ViewedPanel) -> DrawingContext:
        """What the picture of one panel depends on."""
        return replace(self.context, time_range=panel.time_range, variables=panel.texts)
