"""The panel `logs` as HTML: each line opens to its labels.

Source: panel/logs and features/logs of Grafana 12.4.3.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from dashgen.core.json_values import items, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.drawing.markup.content_markup import ContentMarkup
from dashgen.drawing.markup.html_elements import html, html_text, styles
from dashgen.drawing.markup.message_markup import no_data_markup
from dashgen.drawing.panels.logs_panel import TIME_FORMAT
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.shown_log_lines import LogLine, labels_line, log_page
from dashgen.drawing.values.moment_formats import moment_text

_MOST_LINES: Final = 500
_MOST_TEXT: Final = 20_000
_CODES: Final = lazy_pattern(
    r"\x1b\[([0-9;]{0,40})m|\x1b\[[0-9;:?]{0,40}[A-Za-z]|\x1b\][^\x07\x1b]{0,500}(?:\x07|\x1b\\)|\x1b.?"
)
_ANSI: Final = ("#4f4f4f", "#e0524c", "#5da65b", "#c7a32c", "#5b8fd9", "#b06fcf", "#3aa6a1", "#bdbdc7")
"""The eight colours of terminals, in shades that are legible on both themes."""


def logs_markup(drawing: PanelDrawing) -> ContentMarkup:
    """Lines of logs with their times, in the order that the options have."""
    page = log_page(drawing)
    if not page.lines:
        return no_data_markup(drawing)
    options = drawing.options
    common = ""
    if options.get("showCommonLabels") is True and page.common_labels:
        common = html(
            "div", {"class": "logs-common"}, html_text(f"Common labels: {labels_line(page.common_labels)}")
        )
    lines = "".join(_line(drawing, line) for line in page.lines[:_MOST_LINES])
    rest = ""
    if len(page.lines) > _MOST_LINES:
        rest = html(
            "p", {"class": "table-rest"}, f"{_MOST_LINES} of {len(page.lines)} lines are on this page"
        )
    kinds = ["logs", "logs-wrapped" if options.get("wrapLogMessage") is not False else ""]
    kinds.append("logs-small" if options.get("fontSize") == "small" else "")
    attributes = {"class": " ".join(filter(None, kinds)), "tabindex": "0", "role": "log"}
    return ContentMarkup(html("div", attributes, common, lines, rest))


def _line(drawing: PanelDrawing, line: LogLine) -> str:
    options = drawing.options
    parts = []
    if options.get("dedupStrategy") not in {None, "none"}:
        parts.append(html("span", {"class": "log-repeats"}, f"{line.repeats + 1}x" if line.repeats else ""))
    if options.get("showTime"):
        shown = moment_text(line.at, TIME_FORMAT, drawing.context.zone)
        parts.append(html("span", {"class": "log-time"}, html_text(shown)))
    if options.get("showLabels") and line.own_labels:
        parts.append(html("span", {"class": "log-labels"}, html_text(labels_line(line.own_labels))))
    parts.append(
        html(
            "span",
            {"class": "log-text"},
            _message(line, [text(one) for one in items(options.get("displayedFields"))]),
        )
    )
    row = html("span", {"class": "log-row"}, *parts)
    attributes = {"class": "log-line", "style": styles(__level=line.color), "data-level": line.level}
    if options.get("enableLogDetails") is False:
        return html("div", attributes, row)
    # The page's script makes a table of the labels when the line is opened: most lines never are.
    labels = {
        name: value[:_MOST_TEXT] for name, value in sorted(line.labels.items()) if not name.startswith("__")
    }
    written = json.dumps(labels, ensure_ascii=False, separators=(",", ":"))
    return html("details", {**attributes, "data-labels": written}, html("summary", {}, row))


def _message(line: LogLine, names: list[str]) -> str:
    chosen = [f"{name}={line.labels[name]}" for name in names if name in line.labels]
    return html_text(" ".join(chosen)) if chosen else "".join(_colored(line.line[:_MOST_TEXT]))


def _colored(line: str) -> Iterator[str]:
    """A line whose terminal colours are spans; its other control sequences are left out."""
    position = 0
    look: dict[str, str] = {}
    for match in _CODES.finditer(line):
        yield _span(line[position : match.start()], look)
        position = match.end()
        if match[1] is not None:
            _apply(look, [int(code) for code in match[1].split(";") if code and len(code) < 4] or [0])
    yield _span(line[position:], look)


def _span(part: str, look: Mapping[str, str]) -> str:
    if not part or not look:
        return html_text(part) if part else ""
    style = ";".join(f"{name}:{value}" for name, value in sorted(look.items()))
    return html("span", {"style": style}, html_text(part))


def _apply(look: dict[str, str], codes: list[int]) -> None:
    for code in codes:
        if code == 0:
            look.clear()
        elif code in {1, 3, 4}:
            name, value = {
                1: ("font-weight", "bold"),
                3: ("font-style", "italic"),
                4: ("text-decoration", "underline"),
            }[code]
            look[name] = value
        elif code in {22, 23, 24, 39, 49}:
            look.pop(
                {22: "font-weight", 23: "font-style", 24: "text-decoration", 39: "color", 49: "background"}[
                    code
                ],
                None,
            )
        elif 30 <= code <= 37 or 90 <= code <= 97:
            look["color"] = _ANSI[code % 10]
        elif 40 <= code <= 47 or 100 <= code <= 107:
            look["background"] = _ANSI[code % 10]
        elif code in {38, 48}:
            return
