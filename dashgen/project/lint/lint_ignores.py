"""Comments in specs and rule files that silence findings of lint rules."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from msgspec import Struct

from dashgen.check.lint.lint_finding import LintFinding
from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.diagnostics.rule_table import matches
from dashgen.source.ignores import Ignore, read_ignores
from dashgen.source.source_limits import MARK


class HeededIgnores(Struct):
    """The findings that no comment silences, and what is wrong with the comments."""

    findings: list[LintFinding]
    problems: list[Diagnostic] = []
    silenced: int = 0


def ignores_of(files: Iterable[str], text_of: Callable[[str], str]) -> list[Ignore]:
    """The comments of files that silence findings."""
    mark = MARK.decode()
    return [one for file in files if mark in (text := text_of(file)) for one in read_ignores(file, text)]


def heed_ignores(
    findings: Sequence[LintFinding], ignores: Sequence[Ignore], rules: Iterable[str], today: date
) -> HeededIgnores:
    """Leave out the findings that a comment with a reason silences.

    Args:
        findings: the findings of lint rules.
        ignores: the comments of the files that were linted.
        rules: the names of the rules that ran, of which a comment may be unused.
        today: the day on which comments are expired or not.
    """
    used: set[tuple[Ignore, str]] = set()
    result = HeededIgnores([])
    by_file: dict[str, list[Ignore]] = {}
    for ignore in ignores:
        if ignore.reason and not ignore.is_expired(today):
            by_file.setdefault(ignore.location.file, []).append(ignore)
    for finding in findings:
        location = finding.diagnostic.location
        comments = by_file.get(location.file, []) if location else []
        covering = [
            (comment, pattern)
            for comment in comments
            if location is not None and comment.covers(location)
            for pattern in comment.rules
            if matches(finding.diagnostic.rule, pattern)
        ]
        used.update(covering)
        if covering:
            result.silenced += 1
        else:
            result.findings.append(finding)
    result.problems = [*_expired(ignores, today), *_unused(by_file, used, list(rules))]
    return result


def _expired(ignores: Sequence[Ignore], today: date) -> Iterable[Diagnostic]:
    for ignore in ignores:
        if ignore.is_expired(today):
            message = f"the comment has silenced `{ignore.rules[0]}` until {ignore.until}, which is over"
            hint = "mend what it silenced, or give it a new date and a reason for that"
            yield Diagnostic("ignore/expired", message, ignore.location, hint, Severity.WARNING)


def _unused(
    by_file: dict[str, list[Ignore]], used: set[tuple[Ignore, str]], rules: Sequence[str]
) -> Iterable[Diagnostic]:
    for ignore in (one for comments in by_file.values() for one in comments):
        for pattern in ignore.rules:
            # A pattern for a family may be for a finding of a build; only that knows.
            if pattern in rules and (ignore, pattern) not in used:
                message = f"nothing here is a finding of `{pattern}`"
                yield Diagnostic(
                    "ignore/unused", message, ignore.location, "remove the comment", Severity.WARNING
                )
