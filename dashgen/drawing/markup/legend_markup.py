"""Legends as HTML: lists that wrap, and tables."""

from dashgen.drawing.markup.html_elements import html, html_text, styles
from dashgen.drawing.plots.legend import Legend, LegendItem


def legend_markup(legend: Legend) -> str:
    """A legend; nothing for one without items. It scrolls where it has more than its room."""
    if not legend.items:
        return ""
    side = "legend-beside" if legend.is_beside else "legend-below"
    look = styles(width=f"{legend.width:g}px" if legend.width and legend.is_beside else None)
    inner = _table(legend) if legend.is_table else "".join(map(_item, legend.items))
    kind = "legend-table" if legend.is_table else "legend-list"
    return html("div", {"class": f"legend {side} {kind}", "style": look}, inner)


def _item(item: LegendItem) -> str:
    values = "".join(
        html("span", {"class": "legend-value"}, html_text(f"{name}: {value}")) for name, value in item.values
    )
    return html("div", {"class": "legend-item"}, _name(item), values)


def _name(item: LegendItem) -> str:
    mark = html("span", {"class": "legend-mark", "style": styles(background=item.color)})
    return mark + html("span", {"class": "legend-name", "title": item.title}, html_text(item.title))


def _table(legend: Legend) -> str:
    names = [name for name, _ in legend.items[0].values]
    heads = "".join(html("th", {"scope": "col"}, html_text(name)) for name in ["", *names])
    rows = [
        html(
            "tr",
            {},
            html("th", {"scope": "row"}, html("div", {"class": "legend-item"}, _name(item))),
            *(html("td", {}, html_text(value)) for _, value in item.values),
        )
        for item in legend.items
    ]
    return html("table", {}, html("thead", {}, html("tr", {}, heads)), html("tbody", {}, *rows))
