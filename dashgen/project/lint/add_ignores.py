"""Write comments into specs that silence the findings which are there."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from msgspec import Struct

from dashgen.check.lint.lint_finding import LintFinding
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.project.lint.lint_ignores import heed_ignores
from dashgen.source.edit.edits import identical
from dashgen.source.ignores import read_ignores
from dashgen.source.load import load_text

_INDENT: Final = lazy_pattern(r"[ ]*")
_BLOCK: Final = lazy_pattern(r"[|>][-+0-9]*\s*(?:#.*)?\Z")


class AddedIgnores(Struct):
    """The new texts of files; findings for which no comment could be written are ``left``."""

    texts: dict[str, str] = {}
    left: list[LintFinding] = []


def add_ignores(
    texts: Mapping[str, str], findings: Sequence[LintFinding], reason: str, today: date
) -> AddedIgnores:
    """Put a comment above each line that has findings.

    A comment is only written where YAML takes it as one, and where it silences the finding: not inside a text
    that goes over several lines.

    Args:
        texts: the texts of the files that may be edited, by name.
        findings: what to silence.
        reason: why.
        today: the day, on which comments that are there already may be expired.
    """
    added = AddedIgnores()
    by_file: dict[str, list[LintFinding]] = {}
    for finding in findings:
        location = finding.diagnostic.location
        if location is None or location.span is None or location.file not in texts:
            added.left.append(finding)
        else:
            by_file.setdefault(location.file, []).append(finding)
    for file, listed in by_file.items():
        text, left = _with_comments(file, texts[file], listed, reason, today)
        added.left += left
        if text != texts[file]:
            added.texts[file] = text
    return added


def _with_comments(
    file: str, text: str, findings: Sequence[LintFinding], reason: str, today: date
) -> tuple[str, list[LintFinding]]:
    by_line: dict[int, list[LintFinding]] = {}
    lines = text.split("\n")
    for finding in findings:
        location = finding.diagnostic.location
        line = location.span.line if location and location.span else 1
        by_line.setdefault(_head(lines, line), []).append(finding)
    left: list[LintFinding] = []
    # From the end, so that the numbers of lines before stay.
    for line, group in sorted(by_line.items(), reverse=True):
        candidate = _commented(lines, line, group, reason)
        if _is_right(file, "\n".join(lines), "\n".join(candidate), group, today):
            lines = candidate
        else:
            left += group
    return "\n".join(lines), left


def _head(lines: Sequence[str], line: int) -> int:
    """The line with the key of the block that a line is in; the line itself outside of blocks."""
    indent = _indent(lines[line - 1])
    for number in range(line - 1, 0, -1):
        text = lines[number - 1]
        if text.strip() and _indent(text) < indent:
            if _BLOCK.search(text):
                return number
            indent = _indent(text)
    return line


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _commented(lines: Sequence[str], line: int, group: Sequence[LintFinding], reason: str) -> list[str]:
    rules = ", ".join(sorted({finding.diagnostic.rule for finding in group}))
    indent = _INDENT.match(lines[line - 1])
    end = "\r" if lines[line - 1].endswith("\r") else ""
    comment = f"{indent[0] if indent else ''}# dashgen: ignore {rules}: {reason}{end}"
    return [*lines[: line - 1], comment, *lines[line - 1 :]]


def _is_right(file: str, before: str, after: str, group: Sequence[LintFinding], today: date) -> bool:
    """Whether the comment is no data, and silences what it is for, which is one line further down now."""
    old, new = load_text(file, before), load_text(file, after)
    if not identical([one.data for one in old.documents], [one.data for one in new.documents]):
        return False
    moved = [finding.one_line_down() for finding in group]
    return not heed_ignores(moved, read_ignores(file, after), (), today).findings
