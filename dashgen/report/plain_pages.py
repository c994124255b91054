"""A report as plain text, for mail programs without HTML and terminals, and as Markdown, for chats."""

from collections.abc import Iterator, Sequence
from typing import Final

from dashgen.core.diagnostics.frame import clean
from dashgen.core.reporters.markdown_text import escaped, table_row
from dashgen.core.reporters.text_table import draw_table
from dashgen.report.report_result import ChartResult, FigureResult, ReportResult, SectionResult, TableResult
from dashgen.report.report_words import (
    change_heading,
    change_text,
    closing_lines,
    failure_lines,
    figure_note,
    verdict,
)
from dashgen.report.simple_markdown import as_text

_RULE: Final = "-"
_WIDEST: Final = 120


def text_page(result: ReportResult) -> str:
    """The report as plain text."""
    head = f"{clean(result.title)}\n{result.period.label}, {result.period.zone}"
    parts = [
        head,
        *(clean(line) for line in result.remarks),
        _lines(failure_lines(result)),
        as_text(result.text),
    ]
    for section in result.sections:
        parts += _text_section(section)
    parts.append(_lines([*closing_lines(result), *([result.link] if result.link else [])]))
    return "\n\n".join(part.rstrip() for part in parts if part) + "\n"


def _lines(lines: Sequence[str]) -> str:
    return "\n".join(clean(line) for line in lines)


def _text_section(section: SectionResult) -> Iterator[str]:
    title = clean(section.title)
    yield f"{title}\n{_RULE * len(title)}"
    yield as_text(section.text)
    if section.figures:
        heads = _figure_heads(section.figures)
        yield draw_table(heads, [_figure_cells(one)[: len(heads)] for one in section.figures])
        yield _lines([note for one in section.figures if (note := _note(one))])
    for table in section.tables:
        yield f"{clean(table.title)}\n{_text_table(table)}"
    for chart in section.charts:
        yield _lines([f"{chart.title}: {_chart_note(chart)}"])


def _chart_note(chart: ChartResult) -> str:
    note = chart.note or "see the picture in HTML"
    return f"{note}, {chart.link}" if chart.link else note


def _note(figure: FigureResult) -> str:
    note = figure.sentence or figure_note(figure)
    return f"{figure.title}: {note}" if note and not figure.sentence else note


def _figure_heads(figures: Sequence[FigureResult]) -> tuple[str, ...]:
    changes = tuple(change_heading(change.word) for change in figures[0].changes)
    return ("", "Value", *changes, *(("Target",) if any(one.target for one in figures) else ()))


def _figure_cells(figure: FigureResult) -> tuple[str, ...]:
    value = figure.value.text or figure.value.reason
    changes = (change_text(change) for change in figure.changes)
    target = f"{verdict(figure)} {figure.target}".strip()
    return tuple(_cell(cell) for cell in (figure.title, value, *changes, target))


def _text_table(table: TableResult) -> str:
    if not table.rows:
        return clean(table.note)
    wide = len(table.headings)
    rows = [tuple(_cell(cell) for cell in (*row.labels, row.value, row.change)[:wide]) for row in table.rows]
    more = f"and {table.left_out} more\n" if table.left_out else ""
    return draw_table(tuple(_cell(heading) for heading in table.headings), rows) + more


def _cell(text: str) -> str:
    """A text as a cell may have it: a longer one would make every line of its table as long."""
    return clean(text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…")


def markdown_page(result: ReportResult) -> str:
    """The report as Markdown."""
    parts = [f"# {escaped(result.title)}", f"{result.period.label}, {escaped(result.period.zone)}"]
    parts += [f"> {escaped(line)}" for line in result.remarks]
    parts.append("\n".join(f"> {escaped(line)}" for line in failure_lines(result)))
    parts.append(result.text.strip())
    for section in result.sections:
        parts += _markdown_section(section)
    parts.append("\n".join(escaped(line) for line in closing_lines(result)))
    if result.link:
        parts.append(f"[Open Grafana]({result.link})")
    return "\n\n".join(part for part in parts if part) + "\n"


def _markdown_section(section: SectionResult) -> Iterator[str]:
    yield f"## {escaped(section.title)}"
    yield section.text.strip()
    if section.figures:
        heads = _figure_heads(section.figures)
        rows = [_figure_cells(one)[: len(heads)] for one in section.figures]
        yield _markdown_table(heads, rows, labels=1)
        yield "\n".join(f"- {escaped(note)}" for one in section.figures if (note := _note(one)))
    for table in section.tables:
        yield f"**{escaped(table.title)}**"
        yield from _markdown_rows(table)
    for chart in section.charts:
        title, note = escaped(chart.title), escaped(chart.note or "see the mail")
        yield f"[{title}]({chart.link})" if chart.link else f"{title}: {note}"


def _markdown_rows(table: TableResult) -> Iterator[str]:
    if not table.rows:
        yield escaped(table.note)
        return
    wide, labels = len(table.headings), len(table.rows[0].labels)
    rows = [(*row.labels, row.value, row.change)[:wide] for row in table.rows]
    yield _markdown_table(table.headings, rows, labels=labels)
    yield f"and {table.left_out} more" if table.left_out else ""


def _markdown_table(heads: Sequence[str], rows: Sequence[Sequence[str]], labels: int) -> str:
    ruler = table_row(["---"] * labels + ["---:"] * (len(heads) - labels))
    lines = [table_row([escaped(head) for head in heads]), ruler]
    return "\n".join([*lines, *(table_row([escaped(cell) for cell in row]) for row in rows)])
