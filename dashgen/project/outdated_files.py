"""Files of the output that are not what the specs build, as findings."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.diagnostics.frame import clean
from dashgen.project.build import BuildReport

_MOST_LINES: Final = 10


def outdated_files(report: BuildReport) -> Iterator[Diagnostic]:
    """A finding for each file that a build without `--check` would write or remove."""
    for path in report.created:
        yield _outdated(report, path, "is missing")
    lines_by_path = defaultdict(list)
    for line in report.differences:
        path, _, text = line.partition(": ")
        lines_by_path[path].append(text)
    for path, lines in lines_by_path.items():
        more = len(lines) - _MOST_LINES
        listed = "; ".join(lines[:_MOST_LINES]) + (f"; and {more} more" if more > 0 else "")
        yield _outdated(report, path, f"is outdated: {listed}")
    for path in report.deleted:
        yield _outdated(report, path, "is left over: no spec builds this any more")


def _outdated(report: BuildReport, path: str, state: str) -> Diagnostic:
    file = report.output / path
    shown = file.relative_to(report.root) if file.is_relative_to(report.root) else file
    hint = "run `dashgen build` and commit the result"
    return Diagnostic(
        "output/outdated", clean(f"`{Path(path).name}` {state}"), Location(shown.as_posix()), hint
    )
