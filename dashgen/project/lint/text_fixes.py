"""Fixes of findings as edits of text, for programs and for code hosts that suggest them."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Final

from msgspec.structs import replace

from dashgen.check.lint.lint_finding import Fix, LintFinding, Safety
from dashgen.core.diagnostics import Diagnostic, Span, TextEdit, TextFix
from dashgen.project.lint.apply_fixes import texts_after

_MOST: Final = 500
"""So many fixes are turned into edits; each reads its file anew."""
_TITLES: Final = {Safety.SAFE: "fix it", Safety.UNSAFE: "fix it, which may change what is shown or evaluated"}


def diagnostic_with_fix(finding: LintFinding, texts: Mapping[str, str]) -> Diagnostic:
    """The diagnostic of a finding, with its fix as edits of the texts of spec files, if it has one."""
    if finding.fix is None:
        return finding.diagnostic
    edits = tuple(_edits(finding.fix, texts))
    if not edits:
        return finding.diagnostic
    title = finding.diagnostic.hint or _TITLES[finding.fix.safety]
    fix = TextFix(title, edits, is_safe=finding.fix.safety is Safety.SAFE)
    return replace(finding.diagnostic, fix=fix)


def diagnostics_with_fixes(findings: list[LintFinding], texts: Mapping[str, str]) -> Iterator[Diagnostic]:
    """The diagnostics of findings, the first of them with their fixes as edits."""
    fixable = 0
    for finding in findings:
        fixable += finding.fix is not None
        yield diagnostic_with_fix(finding, texts) if fixable <= _MOST else finding.diagnostic


def _edits(fix: Fix, texts: Mapping[str, str]) -> Iterator[TextEdit]:
    """The edits of all files of a fix; none if it cannot be made without a loss."""
    for file, after in (texts_after(texts, fix) or {}).items():
        yield from text_edits(file, texts[file], after)


def text_edits(file: str, before: str, after: str) -> Iterator[TextEdit]:
    """The stretches in which two texts of a file differ, and what the second one has there."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield _smallest(file, start, "".join(old[start:end]), "".join(new[new_start:new_end]))


def _smallest(file: str, line: int, old: str, new: str) -> TextEdit:
    """The edit that turns one text into another, without what they have in common at both ends.

    Args:
        file: the file.
        line: the number of lines before the text.
        old: the text, from the start of a line.
        new: what replaces it.
    """
    head = _common_start(old, new)
    tail = _common_start(old[head:][::-1], new[head:][::-1])
    start, end = _position(old[:head], line), _position(old[: len(old) - tail], line)
    return TextEdit(file, Span(*start, *end), new[head : len(new) - tail])


def _common_start(first: str, second: str) -> int:
    """How many characters two texts have in common at their start."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((number for number, (one, other) in pairs if one != other), min(len(first), len(second)))


def _position(text: str, line: int) -> tuple[int, int]:
    """The line and column, from 1, of the end of a text that starts after so many lines."""
    return line + text.count("\n") + 1, len(text) - text.rfind("\n")
