"""A report as HTML that mail programs show: tables and inline styles, nothing from elsewhere.

Mail programs drop style sheets, scripts, SVG and most of layout; what they keep is listed at caniemail.com.
"""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Final

from dashgen.core.diagnostics.frame import clean
from dashgen.report.report_result import (
    ChartResult,
    FigureChange,
    FigureResult,
    ReportResult,
    SectionResult,
    TableResult,
    TableRow,
)
from dashgen.report.report_words import change_heading, closing_lines, failure_lines, figure_note, verdict
from dashgen.report.simple_markdown import as_html

_FONT: Final = "font-family:Helvetica,Arial,sans-serif"
_TEXT: Final = f"{_FONT};font-size:15px;line-height:21px;color:#1f2933"
_TITLE: Final = f"{_FONT};font-size:22px;line-height:28px;color:#1f2933;margin:0 0 4px"
_SMALL: Final = f"{_FONT};font-size:13px;line-height:18px;color:#616e7c"
_HEAD: Final = f"{_SMALL};padding:6px 8px;text-align:left;border-bottom:1px solid #cbd2d9"
_CELL: Final = f"{_TEXT};padding:8px;border-bottom:1px solid #e4e7eb;vertical-align:top"
_RIGHT: Final = "text-align:right"
_COLORS: Final = {True: "#1a7f37", False: "#b42318", None: "#616e7c"}
_DATA_TABLE: Final = 'cellpadding="0" cellspacing="0" border="0" width="100%"'
_TABLE: Final = f'role="presentation" {_DATA_TABLE}'
_WIDTH: Final = 640


def html_page(result: ReportResult, source_of: Callable[[int], str]) -> str:
    """The whole page.

    Args:
        result: the report.
        source_of: the address of the picture with a number: ``cid:…`` in a mail, ``data:…`` in a file.
    """
    days = f"{result.period.label}, {result.period.zone}"
    parts = [
        f'<h1 style="{_TITLE}">{_escaped(result.title)}</h1>',
        f'<p style="{_TEXT};margin:0 0 16px;color:#616e7c">{_escaped(days)}</p>',
        *_notice(result.remarks, "#fff8e1", "#8a6d00"),
        *_notice(failure_lines(result), "#fdecea", "#b42318"),
        as_html(result.text),
    ]
    number = 0
    for section in result.sections:
        html, number = _section(section, source_of, number)
        parts.append(html)
    parts += [f'<p style="{_SMALL};margin:16px 0 0">{line}</p>' for line in _closing(result)]
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<meta name="color-scheme" content="light"><meta name="supported-color-schemes" content="light">'
        f"<title>{_escaped(result.subject)}</title></head>\n"
        '<body style="margin:0;padding:0;background:#f5f7fa">\n'
        f'<table {_TABLE} style="background:#f5f7fa"><tr><td align="center" style="padding:16px">\n'
        f'<table role="presentation" cellpadding="0" cellspacing="0" border="0" width="{_WIDTH}" '
        f'style="width:100%;max-width:{_WIDTH}px;background:#ffffff">'
        '<tr><td style="padding:20px;text-align:left">\n'
        f"{body}\n</td></tr></table>\n</td></tr></table>\n</body></html>\n"
    )


def _escaped(text: str) -> str:
    return escape(clean(text))


def _notice(lines: Sequence[str], background: str, color: str) -> list[str]:
    if not lines:
        return []
    inner = "<br>".join(_escaped(line) for line in lines)
    style = f"{_SMALL};color:{color};background:{background};padding:10px 12px;margin:0 0 16px"
    return [f'<p style="{style}">{inner}</p>']


def _section(section: SectionResult, source_of: Callable[[int], str], number: int) -> tuple[str, int]:
    """A section, and the number of the next picture."""
    heading = f"{_FONT};font-size:17px;line-height:24px;color:#1f2933;margin:20px 0 8px"
    parts = [f'<h2 style="{heading}">{_escaped(section.title)}</h2>', as_html(section.text)]
    if section.figures:
        parts.append(_figures(section.figures))
    parts += [_table(table) for table in section.tables]
    for chart in section.charts:
        parts.append(_chart(chart, source_of(number)))
        number += bool(chart.png)
    return "\n".join(parts), number


def _figures(figures: Sequence[FigureResult]) -> str:
    comparisons = [change.word for change in figures[0].changes]
    heads = ["", "Value", *(change_heading(word) for word in comparisons)]
    has_targets = any(figure.target for figure in figures)
    heads += ["Target"] if has_targets else []
    rows = [_heads(heads, numbers=range(1, len(heads)))]
    rows += [_figure(figure, has_target=has_targets) for figure in figures]
    return _whole_table(rows)


def _figure(figure: FigureResult, *, has_target: bool) -> str:
    note = figure.sentence or figure_note(figure)
    below = f'<br><span style="{_SMALL}">{_escaped(note)}</span>' if note else ""
    cells = [f'<td style="{_CELL}">{_escaped(figure.title)}{below}</td>']
    value = (
        f"<strong>{_escaped(figure.value.text)}</strong>"
        if figure.value.text
        else _missing(figure.value.reason)
    )
    cells.append(f'<td style="{_CELL};{_RIGHT}">{value}</td>')
    cells += [_change(change) for change in figure.changes]
    if has_target:
        color = _COLORS[figure.meets_target]
        mark = f"{verdict(figure)} {figure.target}".strip()
        cells.append(f'<td style="{_CELL};{_RIGHT};color:{color}">{_escaped(mark)}</td>')
    return f"<tr>{''.join(cells)}</tr>"


def _missing(reason: str) -> str:
    return f'<span style="color:#b42318">{_escaped(reason)}</span>'


def _change(change: FigureChange) -> str:
    before = change.before.text or change.before.reason
    text = (
        f'<span style="color:{_COLORS[change.is_good]}">{_escaped(change.text)}</span><br>'
        if change.text
        else ""
    )
    mark = "*" if change.incomplete else ""
    return f'<td style="{_CELL};{_RIGHT}">{text}<span style="{_SMALL}">{_escaped(before)}{mark}</span></td>'


def _table(table: TableResult) -> str:
    title = f'<p style="{_TEXT};margin:12px 0 4px"><strong>{_escaped(table.title)}</strong></p>'
    if not table.rows:
        return (
            f'{title}<p style="{_TEXT};margin:0 0 10px">{_missing(table.note)}</p>'
            if table.failed
            else (f'{title}<p style="{_SMALL};margin:0 0 10px">{_escaped(table.note)}</p>')
        )
    labels = len(table.rows[0].labels)
    rows = [_heads(table.headings, numbers=range(labels, len(table.headings)))]
    rows += [_row(row, has_change=len(table.headings) > labels + 1) for row in table.rows]
    more = f'<p style="{_SMALL};margin:4px 0 0">and {table.left_out} more</p>' if table.left_out else ""
    return f"{title}{_whole_table(rows)}{more}"


def _row(row: TableRow, *, has_change: bool) -> str:
    cells = [f'<td style="{_CELL};word-break:break-word">{_escaped(label)}</td>' for label in row.labels]
    cells.append(f'<td style="{_CELL};{_RIGHT};white-space:nowrap">{_escaped(row.value)}</td>')
    if has_change:
        cells.append(f'<td style="{_CELL};{_RIGHT};color:{_COLORS[row.is_good]}">{_escaped(row.change)}</td>')
    return f"<tr>{''.join(cells)}</tr>"


def _heads(headings: Sequence[str], numbers: range) -> str:
    cells = [
        f'<th style="{_HEAD}{f";{_RIGHT}" if i in numbers else ""}">{_escaped(heading)}</th>'
        for i, heading in enumerate(headings)
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _whole_table(rows: Iterable[str]) -> str:
    inner = "\n".join(rows)
    return f'<table {_DATA_TABLE} style="border-collapse:collapse">\n{inner}\n</table>'


def _chart(chart: ChartResult, source: str) -> str:
    title = _escaped(chart.title)
    if chart.link:
        title = f'<a href="{escape(chart.link)}" style="color:#1f60c4;text-decoration:none">{title}</a>'
    heading = f'<p style="{_TEXT};margin:12px 0 4px"><strong>{title}</strong></p>'
    if not chart.png:
        return f'{heading}<p style="{_SMALL};margin:0 0 10px">{_escaped(chart.note)}</p>'
    width, height = chart.size
    image = f'<img src="{escape(source)}" alt="{_escaped(chart.title)}" width="{width}" height="{height}"'
    return f'{heading}{image} style="display:block;width:100%;max-width:{width}px;height:auto;border:0">'


def _closing(result: ReportResult) -> list[str]:
    lines = [_escaped(line) for line in closing_lines(result)]
    if result.link:
        lines.append(f'<a href="{escape(result.link)}" style="color:#1f60c4">Open Grafana</a>')
    return lines
