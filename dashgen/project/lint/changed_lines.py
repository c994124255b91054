"""The lines of files that changed since a commit."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from dashgen.core.diagnostics import Location
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.project.git_revision import open_repository

_FILE: Final = lazy_pattern(r'\+\+\+ (?:"?b/(?P<path>.*?)"?|/dev/null)\s*\Z')
_HUNK: Final = lazy_pattern(r"@@ -\d+(?:,(?P<removed>\d+))? \+(?P<start>\d+)(?:,(?P<count>\d+))? @@")


class ChangedLines(Struct, frozen=True):
    """By file, the first and last lines of each stretch that changed."""

    stretches: Mapping[str, list[tuple[int, int]]]

    def has(self, location: Location | None) -> bool:
        """Whether a finding is on a line that changed; one about a whole file is if the file changed."""
        if location is None or location.file not in self.stretches:
            return False
        span = location.span
        return span is None or any(
            first <= span.end_line and span.line <= last for first, last in self.stretches[location.file]
        )


def changed_lines(root: Path, ref: str) -> ChangedLines:
    """The lines that differ between a commit and the files as they are, new files included.

    Args:
        root: the project's folder; paths are below it.
        ref: the commit.

    Raises:
        DashgenError: there is no git, or no such commit.
    """
    repository = open_repository(root)
    commit = repository.commit(ref)
    stretches: dict[str, list[tuple[int, int]]] = {}
    current: list[tuple[int, int]] = []
    lines = iter(repository.difference(commit).splitlines())
    for line in lines:
        if file := _FILE.match(line):
            current = stretches.setdefault(file["path"] or "", [])
        elif hunk := _HUNK.match(line):
            start, count = int(hunk["start"]), int(hunk["count"] or 1)
            # After a removal alone, the lines around it are what a reviewer looks at.
            current.append((start, start + count - 1) if count else (start, start + 1))
            # The text of files may look like a head, so it is not looked at.
            for _ in range(int(hunk["removed"] or 1) + count):
                next(lines, None)
    for path in repository.untracked():
        stretches[path] = [(1, 1 << 30)]
    return ChangedLines(stretches)
