"""Table: rows and columns."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, TypeAlias

from grafanalib import core

from dashgen.compile.lower.field_checks import check_fields
from dashgen.compile.lower.lower_links import LinkScope
from dashgen.compile.lower.lower_overrides import field_properties
from dashgen.compile.lower.panel_keys import FieldKey, FieldKeys, custom_of
from dashgen.compile.lower.panel_problems import PanelProblem
from dashgen.compile.lower.panel_type import PanelType
from dashgen.core.json_values import Json
from dashgen.model.base import Count, OneOrMore, Spec, as_list, doc
from dashgen.model.panel_spec import Calc, FieldOptions
from dashgen.model.settled_dashboard import SettledPanel

Align: TypeAlias = Literal["auto", "left", "center", "right"]
Cell: TypeAlias = Literal[
    "auto", "color-text", "color-background", "color-background-gradient", "color-row", "gauge",
    "gauge-gradient", "gauge-lcd", "sparkline", "json", "image", "links", "pill", "markdown",
]  # fmt: skip
CELLS: dict[str, Json] = {
    "color-background": {"type": "color-background", "mode": "basic"},
    "color-background-gradient": {"type": "color-background", "mode": "gradient"},
    "color-row": {"type": "color-background", "mode": "basic", "applyToRow": True},
    "gauge": {"type": "gauge", "mode": "basic"},
    "gauge-gradient": {"type": "gauge", "mode": "gradient"},
    "gauge-lcd": {"type": "gauge", "mode": "lcd"},
    "json": {"type": "json-view"},
    "links": {"type": "data-links"},
}
HEIGHTS = {"small": "sm", "medium": "md", "large": "lg"}


def cell_options(name: str) -> Json:
    """How a cell shows its value."""
    return dict(CELLS.get(name) or {"type": name})


COLUMN_KEYS: FieldKeys = {
    "align": FieldKey("align"),
    "cell": FieldKey("cellOptions", cell_options),
    "filter": FieldKey("filterable"),
    "inspect": FieldKey("inspect"),
    "wrap": FieldKey("wrapText"),
    "width": FieldKey("width"),
    "min_width": FieldKey("minWidth"),
    "hidden": FieldKey("hideFrom.viz"),
    "footer": FieldKey("footer.reducers", list),
}
DEFAULT_KEYS: FieldKeys = {name: COLUMN_KEYS[name] for name in ("align", "cell", "filter", "inspect", "wrap")}


class Column(FieldOptions, kw_only=True):
    """How one column is shown."""

    width: Annotated[Count | None, doc("Its width in pixels.", 120)] = None
    min_width: Annotated[Count | None, doc("Its smallest width in pixels.")] = None
    align: Annotated[Align | None, doc("Where the text stands.")] = None
    cell: Annotated[Cell | None, doc("How cells show their values.", "gauge")] = None
    filter: Annotated[bool | None, doc("The reader can filter by it.")] = None
    inspect: Annotated[bool | None, doc("A click opens the whole value.")] = None
    wrap: Annotated[bool | None, doc("Break long text.")] = None
    hidden: Annotated[bool | None, doc("Not shown; links can still use it.")] = None
    footer: Annotated[list[Calc] | None, doc("What the footer shows of it.", ["sum"])] = None


class Table(PanelType, kw_only=True):
    """Rows and columns: rankings, details, what a query returned."""

    type_id: ClassVar[str] = "table"
    example: ClassVar[str] = """
    title: Slowest routes
    type: table
    query: topk(10, sum by (route) (rate(http_request_duration_seconds_sum[5m])))
    sort_by: [-Value]
    columns:
      Value: {display_name: Busy, unit: percentunit, cell: gauge-gradient}
      Time: {hidden: true}
    """
    draws_figures: ClassVar[bool] = True
    asks_instant: ClassVar[bool] = True
    result_format: ClassVar = "table"
    field_keys: ClassVar[FieldKeys] = COLUMN_KEYS
    field_keys_of: ClassVar[type[Spec] | None] = Column

    columns: Annotated[
        dict[str, Column],
        doc(
            "Columns by name, each with its own options.", {"cost": {"unit": "currencyUSD", "cell": "gauge"}}
        ),
    ] = {}
    align: Annotated[Align, doc("Where text stands in cells.")] = "auto"
    cell: Annotated[Cell, doc("How cells show their values.")] = "auto"
    filter: Annotated[bool, doc("The reader can filter by any column.")] = False
    inspect: Annotated[bool, doc("A click on a cell opens its whole value.")] = False
    wrap: Annotated[bool | None, doc("Break long text.")] = None
    footer: Annotated[list[Calc], doc("What the footer shows of each number column.", ["sum"])] = []
    sort_by: Annotated[OneOrMore, doc("Columns to sort by; `-` first for falling values.", "-cost")] = []
    header: Annotated[bool, doc("Show the columns' names.")] = True
    cell_height: Annotated[Literal["small", "medium", "large"], doc("The height of rows.")] = "small"
    pagination: Annotated[bool, doc("Pages instead of scrolling.")] = False
    frozen: Annotated[Count | None, doc("So many columns at the left stay when the table is scrolled.")] = (
        None
    )
    frame: Annotated[int, doc("Which of several results is shown, counted from 0.", ge=0)] = 0

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """The table as a whole; columns have options of their own."""
        options: Json = {
            "cellHeight": HEIGHTS[self.cell_height],
            "enablePagination": self.pagination,
            "frameIndex": self.frame,
            "showHeader": self.header,
            "sortBy": [
                core.TableSortByField(name.removeprefix("-"), name.startswith("-")).to_json_data()
                for name in as_list(self.sort_by)
            ],
        }
        if self.frozen is not None:
            options["frozenColumns"] = {"left": self.frozen}
        return options

    def custom(self, _settled: SettledPanel, /) -> Json:
        """What holds for all columns."""
        custom = custom_of(self, DEFAULT_KEYS)
        if self.footer:
            custom["footer"] = {"reducers": list(self.footer)}
        return custom

    def problems(self) -> Iterator[PanelProblem]:
        """What is wrong with the columns' field options."""
        for name, column in self.columns.items():
            yield from check_fields(column, ("columns", name))

    def lower_overrides(self, scope: LinkScope) -> list[Json]:
        """One override for each column, then those that were written as overrides, which win in Grafana."""
        columns = [
            {"matcher": {"id": "byName", "options": name}, "properties": _properties(column, scope)}
            for name, column in self.columns.items()
        ]
        return columns + super().lower_overrides(scope)


def _properties(column: Column, scope: LinkScope) -> list[Json]:
    own = custom_of(column, COLUMN_KEYS)
    return [
        *field_properties(column, scope),
        *({"id": f"custom.{name}", "value": value} for name, value in own.items()),
    ]
