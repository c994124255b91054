"""Convert the heat map of Grafana 8 and before.

Source: ``angularToReactHeatmap`` in ``public/app/plugins/panel/heatmap/migrations.ts`` of Grafana 12.
"""

from dashgen.core.json_values import Json
from dashgen.formats.legacy.legacy_values import axis_scale, converted, number


def heatmap(panel: Json) -> Json:
    """Today's heat map; one that is of today already stays as it is.

    Before: ``{"type": "heatmap", "color": {"mode": "spectrum", "colorScheme": "interpolateOranges"},
    "options": [], …}``
    After: ``{"type": "heatmap", "options": {"color": {"mode": "scheme", "scheme": "Oranges", …},
    "calculate": true}, …}``
    """
    if "color" not in panel and isinstance(panel.get("options"), dict):
        return panel
    # Series that are buckets already are drawn as they come; all others are counted into buckets first.
    calculate = panel.get("dataFormat") != "tsbuckets"
    options: Json = {
        "calculate": calculate,
        "cellGap": number((panel.get("cards") or {}).get("cardPadding")) or 1,
        "cellValues": _without_none({"decimals": number(panel.get("tooltipDecimals"))}),
        "color": _color(panel.get("color") or {}),
        "exemplars": {"color": "rgba(255,0,255,0.7)"},
        # Cells without a count were not drawn; today that takes a least value.
        "filterValues": {"le": 1e-9},
        "legend": {"show": bool((panel.get("legend") or {}).get("show"))},
        "rowsFrame": {"layout": _layout(panel)},
        "showValue": "never",
        "tooltip": {
            "mode": "single" if (panel.get("tooltip") or {}).get("show", True) else "none",
            "showColorScale": False,
            "yHistogram": bool((panel.get("tooltip") or {}).get("showHistogram")),
        },
        "yAxis": _axis(panel),
    }
    if calculate:
        options["calculation"] = {"xBuckets": _buckets(panel, "xBucket"), "yBuckets": _rows(panel)}
    if (radius := number((panel.get("cards") or {}).get("cardRound"))) is not None:
        options["cellRadius"] = radius
    return converted(panel, "heatmap", {"custom": {"scaleDistribution": {"type": "linear"}}}, options)


def _color(color: Json) -> Json:
    scheme = color.get("colorScheme") or "interpolateOranges"
    bounds = _without_none({key: number(color.get(key)) for key in ("min", "max")})
    return {
        "exponent": color.get("exponent", 0.5),
        "fill": color.get("cardColor") or "dark-orange",
        "mode": "opacity" if color.get("mode") == "opacity" else "scheme",
        "reverse": False,
        "scale": "exponential" if color.get("colorScale", "sqrt") == "sqrt" else "linear",
        "scheme": scheme.removeprefix("interpolate"),
        "steps": 64,
        **bounds,
    }


def _axis(panel: Json) -> Json:
    axis = panel.get("yAxis") or {}
    options: Json = {
        "unit": axis.get("format"),
        "axisWidth": number(axis.get("width")),
        "decimals": axis.get("decimals"),
        "min": number(axis.get("min")),
        "max": number(axis.get("max")),
        "axisLabel": axis.get("label"),
    }
    values = _without_none(options)
    placement = "left" if axis.get("show", True) else "hidden"
    return {"axisPlacement": placement, "reverse": bool(panel.get("reverseYBuckets")), **values}


def _without_none(options: Json) -> Json:
    return {key: value for key, value in options.items() if value is not None}


def _layout(panel: Json) -> str:
    return {"upper": "ge", "lower": "le", "middle": "unknown"}.get(panel.get("yBucketBound") or "", "auto")


def _rows(panel: Json) -> Json:
    """The rows that values are counted in: a logarithmic axis splits each of its powers."""
    scale = axis_scale((panel.get("yAxis") or {}).get("logBase"))
    if scale["type"] == "linear":
        return {**_buckets(panel, "yBucket"), "scale": scale}
    split = number((panel.get("yAxis") or {}).get("splitFactor"))
    return {"mode": "count", "scale": scale, **({"value": str(split)} if split and split > 0 else {})}


def _buckets(panel: Json, name: str) -> Json:
    size, count = panel.get(f"{name}Size"), panel.get(f"{name}Number")
    if size is not None:
        return {"mode": "size", "value": str(size)}
    return {"mode": "count", "value": str(count)} if count is not None else {"mode": "size"}
