"""The sections of runbooks that alerts lead to, where they are files of the project."""

from pathlib import Path
from typing import Final

from dashgen.core.files.regular import read_regular
from dashgen.core.files.symlinks import leads_outside

_LARGEST: Final = 2**20
_MOST_MARKS: Final = 6


def runbook_text(root: Path, runbook: str) -> str:
    """The section of a runbook, in Markdown; empty when it is no file of the project.

    Args:
        root: the project's folder.
        runbook: a path from there and the anchor of a heading: ``docs/runbooks/cost.md#daily-budget``.
    """
    name, _, section = runbook.partition("#")
    is_inside = (
        not name.startswith("/") and ".." not in name.split("/") and not leads_outside(root, root / name)
    )
    if not name.endswith(".md") or not is_inside:
        return ""
    try:
        text = read_regular(root / name, _LARGEST).decode("utf-8", errors="replace")
    except OSError:
        return ""
    return section_of(text, section) if section else text


def section_of(text: str, anchor: str) -> str:
    """The part of a Markdown text below a heading, by the heading's anchor; empty when there is none."""
    lines: list[str] = []
    level = 0
    fence = ""
    for line in text.splitlines():
        # In code, `# …` is no heading.
        mark = line.lstrip()[:3]
        if mark in ("```", "~~~") and fence in ("", mark):
            fence = "" if fence else mark
        heading = 0 if fence else _level(line)
        if level and 0 < heading <= level:
            break
        if level:
            lines.append(line)
        elif heading and heading_anchor(line[heading:]) == anchor:
            level = heading
    return "\n".join(lines).strip()


def _level(line: str) -> int:
    marks = len(line) - len(line.lstrip("#"))
    return marks if marks <= _MOST_MARKS and line[marks : marks + 1] == " " else 0


def heading_anchor(heading: str) -> str:
    """The anchor that code hosts give a heading."""
    characters = (c for c in heading.strip().lower() if c.isalnum() or c in " -_")
    return "".join(characters).replace(" ", "-")
