"""Sections of a dashboard: rows, and tabs, which hold panels or other sections."""

from typing import Annotated

from dashgen.core.json_values import Json
from dashgen.model.base import Count, Raw, Spec, doc
from dashgen.model.panel_spec import Repeat
from dashgen.model.visibility_spec import Columns, HideWhen, Layout, ShowWhen


class DashboardSection(Spec, kw_only=True):
    """What rows and tabs have in common."""

    title: Annotated[str | None, doc("Its title.", "Latency")] = None
    key: Annotated[str | None, doc("A stable name, when the title may change.")] = None
    height: Annotated[Count | None, doc("The height of its panels in grid rows of 30 pixels.", 8)] = None
    columns: Annotated[Columns | None, doc("So many panels of equal width beside each other.", 3)] = None
    layout: Layout = None
    repeat: Annotated[str | Repeat | None, doc("One copy for each value of a variable.", "tier")] = None
    show_when: ShowWhen = None
    hide_when: HideWhen = None
    variables: Annotated[
        list[Json],
        doc(
            "Variables of this part alone, above it.",
            [{"name": "quantile", "type": "custom", "values": ["0.95", "0.99"]}],
        ),
    ] = []
    panels: Annotated[list[Json], doc("Its panels, left to right.")] = []
    rows: Annotated[list["Row"], doc("Rows in it, below its panels.")] = []
    tabs: Annotated[list["Tab"], doc("Tabs in it, instead of panels and rows.")] = []
    raw: Raw = {}


class Row(DashboardSection, kw_only=True):
    """Panels that flow from left to right, below a title that folds them away."""

    title: Annotated[str | None, doc("The row's title; panels without one flow on.", "Latency")] = None
    collapsed: Annotated[bool, doc("Folded away at first; its queries run when it is opened.")] = False
    hide_header: Annotated[bool, doc("Its title is not shown, and nothing folds.")] = False
    fill_screen: Annotated[bool, doc("It is as high as the window.")] = False


class Tab(DashboardSection, kw_only=True):
    """A page of a dashboard, which its title at the top opens. Only dashboards in the format v2 have tabs."""

    title: Annotated[str, doc("The tab's title.", "Overview")]
