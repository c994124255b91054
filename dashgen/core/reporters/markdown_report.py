"""Findings as Markdown for a comment on a pull request or merge request."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote

from dashgen.core.diagnostics import Diagnostic, Location, Severity
from dashgen.core.reporters.finding_text import message_of
from dashgen.core.reporters.markdown_text import code, folded, prose, shortened, table_row
from dashgen.core.reporters.report_context import ReportContext
from dashgen.core.reporters.rule_help import rule_help, rule_url
from dashgen.core.reporters.text_report import count

_MOST_ROWS: Final = 50
_MOST_DETAILS: Final = 50
_LONGEST: Final = 160
_LONGEST_DETAIL: Final = 600
_ORDER: Final = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_SIGNS: Final = {Severity.ERROR: "🔴 error", Severity.WARNING: "🟡 warning", Severity.INFO: "🔵 note"}


def render_markdown(diagnostics: Sequence[Diagnostic], context: ReportContext) -> str:
    """A table of the findings, the worst first, and below it, folded, what to do about each.

    At most 50 findings are listed and long texts are cut, so that a code host takes the comment.
    """
    if not diagnostics:
        return "### Findings: none\n"
    # `sorted` keeps the order of locations among findings of one severity.
    worst_first = sorted(diagnostics, key=lambda diagnostic: _ORDER.index(diagnostic.severity))
    lines = [f"### Findings: {count(diagnostics)}", "", "| | finding | rule | where |", "|---|---|---|---|"]
    lines += [_row(diagnostic, context) for diagnostic in worst_first[:_MOST_ROWS]]
    lines.append("")
    hidden = len(diagnostics) - _MOST_ROWS
    if hidden > 0:
        lines += [f"… and {hidden} more, which `--format json` lists.", ""]
    lines += folded("What to do", list(_details(worst_first[:_MOST_DETAILS], context)))
    return "\n".join(lines) + "\n"


def _row(diagnostic: Diagnostic, context: ReportContext) -> str:
    message = prose(shortened(message_of(diagnostic), _LONGEST))
    where = _link(diagnostic.location, context) if diagnostic.location else ""
    return table_row((_SIGNS[diagnostic.severity], message, _rule(diagnostic.rule, context), where))


def _rule(rule: str, context: ReportContext) -> str:
    url = rule_url(rule, context)
    return f"[{code(rule)}]({url})" if url else code(rule)


def _link(location: Location, context: ReportContext) -> str:
    """The file and line, linked to the page that shows them if there is one."""
    line = location.span.line if location.span else None
    name = code(f"{location.file}:{line}" if line else location.file)
    if not context.blob_url or "://" in location.file or location.file.startswith(("/", "../")):
        return name
    return f"[{name}]({context.blob_url}{quote(location.file)}{f'#L{line}' if line else ''})"


def _details(diagnostics: Sequence[Diagnostic], context: ReportContext) -> Iterator[str]:
    """The findings of each rule, with the reason for the rule above them."""
    by_rule = defaultdict(list)
    for diagnostic in diagnostics:
        by_rule[diagnostic.rule].append(diagnostic)
    for number, (rule, listed) in enumerate(by_rule.items()):
        if number:
            yield ""
        summary = rule_help(rule, context).summary if rule in context.rule_texts else ""
        yield f"**{_rule(rule, context)}** {prose(summary)}".rstrip()
        yield ""
        for diagnostic in listed:
            yield f"- {_detail(diagnostic, context)}"


def _detail(diagnostic: Diagnostic, context: ReportContext) -> str:
    where = f"{_link(diagnostic.location, context)}: " if diagnostic.location else ""
    parts = [prose(shortened(message_of(diagnostic), _LONGEST_DETAIL))]
    if diagnostic.hint:
        parts.append(prose(shortened(diagnostic.hint, _LONGEST_DETAIL)))
    parts += [f"{prose(note.message)}: {_link(note.location, context)}" for note in diagnostic.related]
    return where + "; ".join(parts)
