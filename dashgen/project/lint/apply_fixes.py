"""Make the fixes of findings in the texts of spec files."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from dashgen.check.lint.lint_finding import FileEdit, Fix, LintFinding, Safety
from dashgen.core.errors import SpecError
from dashgen.source.edit import edited


class AppliedFixes(Struct):
    """The new texts of the files that change, and the findings that were mended."""

    texts: dict[str, str] = {}
    mended: list[LintFinding] = []


def apply_fixes(
    texts: Mapping[str, str], findings: Sequence[LintFinding], *, unsafe: bool = False
) -> AppliedFixes:
    """The texts of spec files after fixes; nothing is written.

    Of two fixes that edit one place, only the first is made: a second run sees what is left. A fix that would
    lose something else, such as a comment or another user of an anchor, is not made.

    Args:
        texts: the texts of spec files by their names in findings; others are left alone.
        findings: the findings.
        unsafe: whether fixes are made that may change what is shown or evaluated.
    """
    applied = AppliedFixes()
    made: dict[tuple[str, int], list[FileEdit]] = {}
    for finding in findings:
        fix = finding.fix
        if fix is None or (fix.safety is Safety.UNSAFE and not unsafe):
            continue
        before = [edit for one in fix.edits for edit in made.get((one.file, one.document), [])]
        if all(edit in before for edit in fix.edits):
            # One edit of a component mends all its uses.
            applied.mended.append(finding)
        elif not any(_meet(edit, other) for edit in fix.edits for other in before):
            after = texts_after({**texts, **applied.texts}, fix)
            if after is not None:
                applied.texts.update(after)
                applied.mended.append(finding)
                for edit in fix.edits:
                    made.setdefault((edit.file, edit.document), []).append(edit)
    return applied


def _meet(first: FileEdit, second: FileEdit) -> bool:
    """Whether two edits of one document touch the same value."""
    mine, other = first.edit.path, second.edit.path
    length = min(len(mine), len(other))
    return (first.file, first.document) == (second.file, second.document) and mine[:length] == other[:length]


def texts_after(texts: Mapping[str, str], fix: Fix) -> dict[str, str] | None:
    """The texts of files after a fix; None when an edit cannot be made without a loss."""
    after: dict[str, str] = {}
    for one in fix.edits:
        text = after.get(one.file, texts.get(one.file))
        if text is None:
            return None
        try:
            after[one.file] = edited(one.file, text, one.document, [one.edit])
        except SpecError:
            return None
    return after
