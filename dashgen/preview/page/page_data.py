"""The JSON of the page: what its script draws, and nothing that it would have to compute.

Keys with their default are left out, so that a page of a thousand panels stays small.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from dashgen.core.json_values import Json

SectionKind: TypeAlias = Literal["grid", "auto", "row", "tabs", "tab"]


class PageLink(Struct, frozen=True, omit_defaults=True):
    """A link of a dashboard or a panel.

    Attributes:
        url: a web address; empty for a link to dashboards.
        uid: of the dashboard that it leads to.
        tags: those of the dashboards that a list of links leads to; `lists` is true of such a list.
        drops: whether the list opens below its title.
        keeps: what goes along to another dashboard: `time`, `variables`.
    """

    title: str
    url: str = ""
    uid: str = ""
    tooltip: str = ""
    lists: bool = False
    tags: Sequence[str] = ()
    drops: bool = False
    keeps: Sequence[str] = ()


class PageQuery(Struct, frozen=True, omit_defaults=True):
    """A query of a panel with its variables filled in; `source` is the type of its data source."""

    ref: str
    expr: str
    source: str = ""


class PagePanel(Struct, frozen=True, omit_defaults=True):
    """A panel where it stands.

    Attributes:
        key: what it is found by in every view of its dashboard.
        type: the panel type.
        description: as inert markup.
        content: the index of its content in `PageDashboard.contents`.
        x: its column, and `w` how many it takes.
        y: its row from the top of its section, and `h` how many it takes, in cells of the grid.
        note: the time that it shows, where that is not the dashboard's.
        alert: the state of the alert that watches it.
        error: why it has no data.
        range: the milliseconds that it shows, where they are not the view's.
        place: the file and line of its spec.
        table: the index of its data in `PageDashboard.tables`.
        notices: what is missing of its result.
    """

    key: str
    type: str
    content: int
    x: float = 0
    y: float = 0
    w: float = 24
    h: float = 1
    title: str = ""
    description: str = ""
    transparent: bool = False
    links: Sequence[PageLink] = ()
    note: str = ""
    alert: str = ""
    error: str = ""
    range: tuple[int, int] | None = None
    place: str = ""
    queries: Sequence[PageQuery] = ()
    transformations: Sequence[str] = ()
    table: int = -1
    notices: Sequence[str] = ()


class PageSection(Struct, frozen=True, omit_defaults=True):
    """A row, a tab, the bar of tabs around some, or a plain grid, with the panels and sections in it.

    Attributes:
        key: what its state, such as being folded, is remembered by.
        rows: the height of its grid in cells.
        opened: the number of the tab that is open at first.
    """

    kind: SectionKind
    key: str = ""
    title: str = ""
    folded: bool = False
    rows: float = 0
    panels: Sequence[PagePanel] = ()
    sections: Sequence["PageSection"] = ()
    variables: Sequence["PageVariable"] = ()
    opened: int = 0


class PageContent(Struct, frozen=True, omit_defaults=True):
    """What is below a panel's title, in both themes; that of the light one only where it differs."""

    html: str = ""
    chart: Json = {}
    light_html: str | None = None
    light_chart: Json | None = None


class PageView(Struct, frozen=True, omit_defaults=True):
    """A dashboard at one time with one choice of variables.

    Attributes:
        start: the beginning as Grafana writes it, such as `now-6h`; `end` likewise.
        range: both in milliseconds since 1970.
        variables: the chosen values of each variable.
        label: the name of that range.
        zone: the IANA name of the time zone.
    """

    start: str
    end: str
    range: tuple[int, int]
    label: str = ""
    variables: Mapping[str, Sequence[str]] = {}
    zone: str = ""
    sections: Sequence[PageSection] = ()


class PageVariable(Struct, frozen=True, omit_defaults=True):
    """A variable.

    Attributes:
        label: what stands beside its control; empty for a control without label.
        kind: as Grafana's JSON has it: `query`, `custom`, `textbox`, `adhoc`, …
        options: what may be chosen, as pairs of text and value.
        texts: what is chosen when the dashboard is opened, as people see it.
    """

    name: str
    label: str = ""
    description: str = ""
    kind: str = "custom"
    hidden: bool = False
    multi: bool = False
    options: Sequence[tuple[str, str]] = ()
    texts: Sequence[str] = ()


class DataTable(Struct, frozen=True, omit_defaults=True):
    """The first rows of a frame, as the panel's inspector shows them.

    Attributes:
        names: of the columns.
        rows: the cells as texts.
        total: how many rows there are.
    """

    names: Sequence[str]
    rows: Sequence[Sequence[str]]
    total: int


class PageDashboard(Struct, frozen=True, omit_defaults=True):
    """A dashboard with the views of it that are in the page; the first one is shown when it is opened.

    Attributes:
        presets: the ranges of time to choose from: beginning, end and name.
        graph_tooltip: 0 where each chart has a cursor of its own, 1 or 2 where they share it.
    """

    uid: str
    title: str
    description: str = ""
    tags: Sequence[str] = ()
    folder: str = ""
    place: str = ""
    links: Sequence[PageLink] = ()
    variables: Sequence[PageVariable] = ()
    views: Sequence[PageView] = ()
    contents: Sequence[PageContent] = ()
    tables: Sequence[Sequence[DataTable]] = ()
    graph_tooltip: int = 0
    presets: Sequence[tuple[str, str, str]] = ()


class DashboardListing(Struct, frozen=True, omit_defaults=True):
    """A dashboard in the list of all."""

    uid: str
    title: str
    folder: str = ""
    tags: Sequence[str] = ()


class PageIndex(Struct, frozen=True, omit_defaults=True):
    """What the page has at once; each dashboard is unpacked when it is opened.

    Attributes:
        source: where the data is from, such as an address.
        sample: whether the data is made up.
        served: whether a server answers for views that are not in the page.
        revision: the number of the build that is served.
        theme: the theme; that of the reader's system when `auto`.
    """

    title: str
    dashboards: Sequence[DashboardListing]
    source: str = ""
    sample: bool = False
    served: bool = False
    revision: int = 0
    theme: Literal["auto", "dark", "light"] = "auto"
