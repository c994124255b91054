"""What ``dashgen build`` prints when nothing changed, and how the contents of an output are described.

Most builds end here. Without `typing`, `dataclasses` and `pathlib`, whose import takes as long as the rest of
such a build.
"""

import os
from collections.abc import Mapping, Sequence

from dashgen.project.last_build import last_builds
from dashgen.workspace.build_stamp import BuildStamp

_NOUNS = {
    "dashboard": "dashboard", "alert-rule": "alert rule", "recording-rule": "recording rule",
    "datasource": "data source", "contact-point": "contact point", "mute-timing": "mute timing",
    "inhibition-rule": "inhibition rule", "template": "template", "scaler": "scaler",
}  # fmt: skip


def unchanged_answer(command_line: Sequence[str]) -> str | None:
    """What a build prints when nothing changed since the last one.

    Args:
        command_line: the words after the program's name.

    Returns:
        The text; None when something changed, there is something to report, or the command line is another
        one.
    """
    start, *rest = (
        command_line[2:]
        if command_line[1:2] in (["-C"], ["--project"]) and len(command_line) > 2
        else [".", *command_line[1:]]
    )
    is_folder = os.path.isdir(start) and os.access(start, os.R_OK)  # without pathlib, see above
    if rest not in ([], ["--check"]) or not is_folder:
        return None
    try:
        text = "".join(_line(stamp, is_check=bool(rest)) for stamp in last_builds(start))
    except OSError:
        return None
    # A name with control characters or letters beyond ASCII is left to a full build, whose streams take care
    # of it.
    return text if text.replace("\n", "").isprintable() and text.isascii() and text else None


def _line(stamp: BuildStamp, *, is_check: bool) -> str:
    # One of the outputs is the lock file, which is not counted.
    shown, contents = shown_folder(stamp.output), contents_text(stamp.counts, len(stamp.outputs) - 1)
    return up_to_date_text(shown, contents) if is_check else f"{shown}/: {contents}\nnothing changed\n"


def up_to_date_text(output: str, contents: str) -> str:
    """The result of ``build --check`` for an output without differences."""
    return f"{output}/ is up to date ({contents})\n"


def contents_text(counts: Mapping[str, int], files: int) -> str:
    """Describe an output: ``2 dashboards, 1 alert rule in 4 files``.

    Args:
        counts: the number of resources of each kind.
        files: the number of files.
    """
    parts = [
        f"{counts[kind]} {noun}{'s' * (counts[kind] != 1)}"
        for kind, noun in _NOUNS.items()
        if counts.get(kind)
    ]
    return f"{', '.join(parts) or 'nothing'} in {files} file{'s' * (files != 1)}"


def shown_folder(folder: str) -> str:
    """An absolute path, relative when it is below the current folder."""
    here = os.getcwd()  # without pathlib, see above
    if folder == here:
        return "."
    inside = here.rstrip(os.sep) + os.sep
    return folder.removeprefix(inside)
