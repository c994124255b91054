"""The parts that charts of all types share: their room, their legend, their tooltip and their marks."""

from collections.abc import Sequence

from msgspec import Struct

from dashgen.core.json_values import Json, mapping, text
from dashgen.drawing.drawing_context import DrawingContext
from dashgen.drawing.fields.field_colors import series_color
from dashgen.drawing.fields.frames import Field, number_or_none
from dashgen.drawing.fields.reducers import reducer_name
from dashgen.drawing.markup.chart_columns import short_number
from dashgen.drawing.markup.content_markup import ContentMarkup
from dashgen.drawing.panel_data import AnnotationMark
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.plots.event_marks import annotation_color, annotations_of, exemplars_of
from dashgen.drawing.plots.legend import LegendItem, calculations
from dashgen.drawing.svg.elements import escaped

_MARK_DOT = "radial-gradient(circle at 2px 2px, {0} 2px, transparent 0) 0 0 / 4px 4px space"
_MARK_DASH = "linear-gradient(to right, {0} 100%, transparent 0%) 0 0 / 6px 4px space"


class LegendSeries(Struct, frozen=True):
    """An item of a legend, and what a click on it shows or hides.

    Attributes:
        series: the numbers of its series in the chart.
        numbers: what its calculations gave, for sorting.
        line: how its line looks: `solid`, `dash` or `dot`.
    """

    item: LegendItem
    series: Sequence[int]
    numbers: Sequence[float | None] = ()
    line: str = "solid"
    is_hidden: bool = False
    is_right: bool = False


def chart_markup(chart: Json, legend_options: Json, entries: Sequence[LegendSeries]) -> ContentMarkup:
    """A chart with its legend below or beside it.

    Args:
        chart: what the script draws; `kind` names the script.
        legend_options: `legend` of the panel's options.
        entries: what the legend lists.
    """
    legend, style = "", ""
    is_shown = legend_options.get("showLegend") is not False and legend_options.get("displayMode") != "hidden"
    side = "beside" if legend_options.get("placement") == "right" else "below"
    if is_shown and entries:
        legend = _legend(legend_options, entries)
        width = number_or_none(legend_options.get("width"))
        style = f' style="--legend-width:{width:g}px"' if width and side == "beside" else ""
    html = f'<div class="chart {side}"{style}><div class="plot"></div>{legend}</div>'
    return ContentMarkup(html, chart)


def _legend(options: Json, entries: Sequence[LegendSeries]) -> str:
    if text(options.get("displayMode")) == "table":
        return f'<div class="chart-legend as-table"><table>{_table(options, entries)}</table></div>'
    sides = [
        f'<div class="chart-legend-{name}">{"".join(_list_item(one) for one in held)}</div>'
        for name, is_right in (("left", False), ("right", True))
        if (held := [one for one in entries if one.is_right is is_right])
    ]
    return f'<div class="chart-legend as-list">{"".join(sides)}</div>'


def _attributes(entry: LegendSeries) -> str:
    hidden = " is-hidden" if entry.is_hidden else ""
    return f'class="chart-legend-item{hidden}" data-series="{" ".join(map(str, entry.series))}"'


def _name(entry: LegendSeries) -> str:
    color = escaped(entry.item.color)
    patterns = {"dot": _MARK_DOT, "dash": _MARK_DASH}
    paint = patterns[entry.line].format(color) if entry.line in patterns else color
    title = escaped(entry.item.title)
    return f'<i style="background:{paint}"></i><button type="button" title="{title}">{title}</button>'


def _list_item(entry: LegendSeries) -> str:
    calcs = "".join(
        f'<span class="chart-calc">{escaped(name)}: {escaped(value)}</span>'
        for name, value in entry.item.values
    )
    return f"<span {_attributes(entry)}>{_name(entry)}{calcs}</span>"


def _table(options: Json, entries: Sequence[LegendSeries]) -> str:
    names = [name for name, _ in entries[0].item.values]
    sort_by, is_down = text(options.get("sortBy")), options.get("sortDesc") is True
    heads = "".join(
        f'<th data-sort="{"down" if is_down else "up"}">{escaped(name)}</th>' if name == sort_by
        else f"<th>{escaped(name)}</th>"
        for name in ("Name", *names)
    )  # fmt: skip
    rows = "".join(
        f"<tr {_attributes(one)}><td>{_name(one)}</td>{_cells(one)}</tr>"
        for one in _sorted(entries, sort_by, is_down=is_down)
    )
    return f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"


def _cells(entry: LegendSeries) -> str:
    numbers = [*entry.numbers, *[None] * len(entry.item.values)]
    return "".join(
        f'<td data-number="{number:.12g}">{escaped(value)}</td>'
        if number is not None
        else f"<td>{escaped(value)}</td>"
        for (_, value), number in zip(entry.item.values, numbers, strict=False)
    )


def _sorted(entries: Sequence[LegendSeries], sort_by: str, *, is_down: bool) -> list[LegendSeries]:
    if sort_by == "Name":
        return sorted(entries, key=lambda one: one.item.title.casefold(), reverse=is_down)
    names = [name for name, _ in entries[0].item.values]
    if sort_by not in names:
        return list(entries)
    column = names.index(sort_by)

    def size(entry: LegendSeries) -> float:
        number = entry.numbers[column] if column < len(entry.numbers) else None
        return float("-inf") if number is None else number

    return sorted(entries, key=size, reverse=is_down)


def calculated_item(
    drawing: PanelDrawing, field: Field, calcs: Sequence[str]
) -> tuple[LegendItem, list[float | None]]:
    """A field in a legend with its calculations, and their numbers."""
    shown = drawing.once(
        f"calculations {field.series_index}", lambda: calculations(field, drawing.display(field), calcs)
    )
    values = tuple((reducer_name(calc), one.text) for calc, one in zip(calcs, shown, strict=True))
    item = LegendItem(field.title, series_color(field, drawing.theme), values)
    return item, [one.number for one in shown]


def tooltip_options(drawing: PanelDrawing) -> Json:
    """What the tooltip of a chart shows: `mode` is single, multi or none; `sort` is none, asc or desc."""
    options = mapping(drawing.options.get("tooltip"))
    return {
        "mode": text(options.get("mode")) or "single",
        "sort": text(options.get("sort")) or "none",
        "hidesZeros": options.get("hideZeros") is True,
    }


def x_range(context: DrawingContext) -> list[float]:
    """The ends of an axis of time."""
    return list(context.time_range)


def annotation_entries(drawing: PanelDrawing) -> list[Json]:
    """The events on the axis of time that are within the range."""
    shown = annotations_of(drawing.data.annotations, drawing.context.time_range)
    return [_annotation(one, drawing.context) for one in shown]


def _annotation(mark: AnnotationMark, context: DrawingContext) -> Json:
    described: Json = {
        "start": mark.start, "text": mark.text, "tags": list(mark.tags),
        "color": annotation_color(mark, context),
    }  # fmt: skip
    return described | ({"end": mark.end} if mark.end is not None and mark.end > mark.start else {})


def exemplar_entries(drawing: PanelDrawing) -> list[Json]:
    """The exemplars within the range, with their labels in the order of their fields."""
    return [
        {"x": one.at, "y": short_number(one.value), "labels": [list(label) for label in one.labels.items()]}
        for one in exemplars_of(drawing.data.exemplars, drawing.context.time_range)
    ]
