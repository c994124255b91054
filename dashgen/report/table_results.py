"""The tables of a report."""

from collections.abc import Mapping, Sequence
from typing import Final

from dashgen.core.diagnostics.frame import clean
from dashgen.model.settled_report import SettledTable
from dashgen.report.changes import change_of
from dashgen.report.number_texts import number_text, unit_of
from dashgen.report.report_answers import Number, ReportAnswers
from dashgen.report.report_result import FAILED, NO_DATA, TableResult, TableRow, Value

_LONGEST_LABEL: Final = 200
_NAME: Final = "__name__"


def table_result(table: SettledTable, answers: ReportAnswers, compare: Sequence[str]) -> TableResult:
    """A table with its rows, the largest first.

    Args:
        table: the table.
        answers: the answers to the report's queries.
        compare: the earlier periods; rows are compared with the first where the table wants that.
    """
    spec, query = table.spec, table.query
    if answers.error(query):
        return TableResult(spec.title, (), note=FAILED, failed=True)
    numbers = sorted(answers.numbers(query), key=lambda pair: (-pair[1], sorted(pair[0].items())))
    word = compare[0] if spec.compare and compare else ""
    writer = _RowWriter(table, _label_names(table, numbers), answers, word)
    headings = writer.headings()
    if not numbers:
        note = NO_DATA if answers.is_unmeasured(query) or not spec.empty else spec.empty
        return TableResult(spec.title, headings, note=note)
    rows = tuple(writer.row(labels, number) for labels, number in numbers[: spec.rows])
    return TableResult(spec.title, headings, rows, max(0, len(numbers) - spec.rows))


def shown_label(value: str) -> str:
    """A label as it may be shown: one line of bounded length without control characters."""
    line = " ".join(clean(value[: 4 * _LONGEST_LABEL]).split())
    return line if len(line) <= _LONGEST_LABEL else f"{line[: _LONGEST_LABEL - 1]}…"


def _label_names(table: SettledTable, numbers: Sequence[Number]) -> list[str]:
    return list(table.spec.columns) or sorted({name for labels, _ in numbers for name in labels} - {_NAME})


class _RowWriter:
    def __init__(self, table: SettledTable, names: Sequence[str], answers: ReportAnswers, word: str) -> None:
        self._table = table
        self._names = names
        self._word = word
        self._fails_before = bool(word) and bool(answers.error(table.query, word))
        before = answers.numbers(table.query, word) if word and not self._fails_before else []
        self._before = {self._identity(labels): number for labels, number in before}

    def headings(self) -> tuple[str, ...]:
        names = (self._table.spec.columns.get(name, name) for name in self._names)
        change = (self._word.capitalize(),) if self._word else ()
        return tuple(shown_label(heading) for heading in (*names, self._table.spec.value, *change))

    def row(self, labels: Mapping[str, str], number: float) -> TableRow:
        texts = tuple(shown_label(labels.get(name, "")) for name in self._names)
        text = self._text(number)
        return TableRow(texts, text, number, self._change(labels, number, text) if self._word else "")

    def _change(self, labels: Mapping[str, str], number: float, text: str) -> str:
        if self._fails_before:
            return FAILED
        before = self._before.get(self._identity(labels))
        if before is None:
            return "not there" if self._before else NO_DATA
        other = Value(before, self._text(before))
        change = change_of(Value(number, text), other, self._word, "", unit_of(self._table))
        return f"{change.text} ({other.text})" if change.text else other.text

    def _text(self, number: float) -> str:
        return number_text(number, self._table)

    def _identity(self, labels: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(labels.get(name, "") for name in self._names)
