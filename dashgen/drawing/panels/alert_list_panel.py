"""The panel `alertlist`. Source: panel/alertlist (UnifiedAlertList.tsx, types.ts) of Grafana 12.4.3."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from dashgen.core.json_values import Json, items, mapping, text, whole
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.drawing.fields.field_matchers import script_pattern
from dashgen.drawing.panel_data import AlertEntry
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.text_rows import TextRow, row_marks
from dashgen.drawing.svg.elements import TextStyle, line_of_text
from dashgen.drawing.svg.text_widths import size_that_fits

_MATCHER: Final = lazy_pattern(r"([\w.-]+)\s*(=~|!~|!=|=)\s*\"?([^\",}]*)\"?")
_STATE_COLORS: Final = {
    "firing": "red",
    "error": "red",
    "pending": "orange",
    "nodata": "yellow",
    "normal": "green",
}
_STATE_KEYS: Final = {
    "firing": "firing",
    "pending": "pending",
    "nodata": "noData",
    "error": "error",
    "normal": "normal",
}
_STATE_ORDER: Final = ("firing", "error", "nodata", "pending", "normal")
NO_ALERTS: Final = "No alerts matching filters"
_MOST: Final = 20


def draw_alert_list(drawing: PanelDrawing) -> list[str]:
    """The alerts that pass the filters, or how many they are."""
    alerts = listed_alerts(drawing)
    if drawing.options.get("viewMode") == "stat":
        shown = str(len(alerts))
        size = size_that_fits(shown, drawing.box.width, drawing.box.height * 0.8)
        style = TextStyle(size, drawing.theme.color("red" if alerts else "green"), "middle", 500)
        middle = (drawing.box.x + drawing.box.width / 2, drawing.box.y + drawing.box.height / 2)
        return [line_of_text(shown, *middle, style)]
    if not alerts:
        return drawing.message(NO_ALERTS)
    return row_marks(drawing, alert_rows(drawing, alerts))


def alert_rows(drawing: PanelDrawing, alerts: Sequence[AlertEntry]) -> list[TextRow]:
    """The alerts with their states, below the groups that the options ask for."""
    rows: list[TextRow] = []
    for title, group in grouped_alerts(drawing.options, alerts):
        if title:
            rows.append(TextRow(title, is_heading=True))
        rows += [
            TextRow(alert.name, alert_note(drawing, alert), drawing.theme.color(state_color(alert)))
            for alert in group
        ]
    return rows


def state_color(alert: AlertEntry) -> str:
    """The name of the colour of an alert's state."""
    return _STATE_COLORS.get(alert.state, "text")


def alert_note(drawing: PanelDrawing, alert: AlertEntry) -> str:
    """The state of an alert, and since when."""
    state = {"nodata": "no data"}.get(alert.state, alert.state)
    if alert.since is None:
        return state
    seconds = round(max(drawing.context.now_ms - alert.since, 0) / 1000)
    return f"{state} for {_short_duration(seconds)}"


def _short_duration(seconds: int) -> str:
    units = (("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1))
    parts = []
    for name, length in units:
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(f"{count}{name}")
    return " ".join(parts[:2]) or "0s"


def listed_alerts(drawing: PanelDrawing) -> list[AlertEntry]:
    """The alerts that pass the filters of the panel, in its order."""
    options = drawing.options
    passes = _label_test(text(options.get("alertInstanceLabelFilter")))
    part = text(options.get("alertName")).lower()
    folder = mapping(options.get("folder"))
    states = mapping(options.get("stateFilter"))
    alerts = [
        alert
        for alert in drawing.data.alerts
        if _is_shown(alert.state, states)
        and part in alert.name.lower()
        and (not folder or alert.folder in {text(folder.get("title")), text(folder.get("uid"))})
        and passes(alert.labels)
    ]
    return _sorted(alerts, whole(options.get("sortOrder"), 1))[: whole(options.get("maxItems"), _MOST)]


def _is_shown(state: str, states: Json) -> bool:
    if not states:
        return state in {"firing", "pending", "error", "nodata"}
    return states.get(_STATE_KEYS.get(state, state)) is True


def _label_test(written: str) -> Callable[[Mapping[str, str]], bool]:
    matchers = [(match[1], match[2], match[3]) for match in _MATCHER.finditer(written)]

    def passes(labels: Mapping[str, str]) -> bool:
        return all(_is_matched(labels.get(name, ""), operator, value) for name, operator, value in matchers)

    return passes


def _is_matched(label: str, operator: str, value: str) -> bool:
    if operator in {"=", "!="}:
        return (label == value) is (operator == "=")
    pattern = script_pattern(f"/^(?:{value})$/")
    return (pattern is not None and pattern.search(label) is not None) is (operator == "=~")


def _sorted(alerts: list[AlertEntry], order: int) -> list[AlertEntry]:
    if order in {1, 2}:
        return sorted(alerts, key=lambda alert: alert.name.lower(), reverse=order == 2)
    if order == 3:
        return sorted(
            alerts, key=lambda alert: (_STATE_ORDER.index(alert.state or "normal"), alert.name.lower())
        )
    return sorted(alerts, key=lambda alert: alert.since or 0, reverse=order == 5)


def grouped_alerts(options: Json, alerts: Sequence[AlertEntry]) -> list[tuple[str, list[AlertEntry]]]:
    """The alerts by the labels that the options group by; one group without a name otherwise."""
    names = [text(name) for name in items(options.get("groupBy"))]
    if options.get("groupMode") != "custom" or not names:
        return [("", list(alerts))]
    groups: dict[str, list[AlertEntry]] = {}
    for alert in alerts:
        title = ", ".join(f"{name}={alert.labels[name]}" for name in names if name in alert.labels)
        groups.setdefault(title or "No grouping", []).append(alert)
    return list(groups.items())
