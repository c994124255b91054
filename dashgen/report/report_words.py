"""Words that all forms of a report share."""

from typing import Final

from dashgen.report.report_result import FigureChange, FigureResult, ReportResult

_HEADINGS: Final = {
    "day before": "Day before",
    "same weekday last week": "Last week",
    "week before": "Week before",
    "four weeks before": "4 weeks before",
}
_MOST_FAILURES: Final = 20
_MOST_NAMES: Final = 12


def change_heading(word: str) -> str:
    """The heading of a column with an earlier period."""
    return _HEADINGS[word]


def verdict(figure: FigureResult) -> str:
    """A mark for whether a figure meets its target; empty when that is unknown."""
    return "" if figure.meets_target is None else "✓" if figure.meets_target else "✗"


def figure_note(figure: FigureResult) -> str:
    """What is to be said of a figure without a sentence of its own."""
    missing = [one for one in figure.changes if one.sentence and not one.before.text]
    return "; ".join(one.sentence for one in missing)


def change_text(change: FigureChange) -> str:
    """A change with the earlier value: ``+12 % (was 250)``."""
    before = change.before.text or change.before.reason
    mark = "*" if change.incomplete else ""
    return f"{change.text} ({before}{mark})" if change.text else f"{before}{mark}"


def failure_lines(result: ReportResult) -> list[str]:
    """The queries that failed, those with one reason together; earlier periods are named."""
    by_reason: dict[str, dict[str, list[str]]] = {}
    for failure in result.failures:
        by_reason.setdefault(failure.reason, {}).setdefault(failure.subject, []).append(failure.period)
    lines = [
        f"The query of {_and([_subject(result, *one) for one in subjects.items()])} failed: {reason}"
        for reason, subjects in list(by_reason.items())[:_MOST_FAILURES]
    ]
    more = len(by_reason) - len(lines)
    return [*lines, *([f"{more} more reasons are not listed."] if more else [])]


def _subject(result: ReportResult, subject: str, periods: list[str]) -> str:
    return subject if result.period.label in periods else f"{subject} ({', '.join(periods)})"


def _and(names: list[str]) -> str:
    if len(names) > _MOST_NAMES:
        names = [*names[:_MOST_NAMES], f"{len(names) - _MOST_NAMES} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def closing_lines(result: ReportResult) -> list[str]:
    """What stands below everything."""
    made_at = result.made_at.strftime("%Y-%m-%d %H:%M UTC")
    lines = [f"Made by dashgen at {made_at} from the report `{result.uid}`."]
    figures = [figure for section in result.sections for figure in section.figures]
    if any(change.incomplete for figure in figures for change in figure.changes):
        lines.insert(0, "* Data of that period is missing in part.")
    return lines
