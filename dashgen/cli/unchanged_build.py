"""What ``dashgen build`` prints when nothing changed, and the words for what is in an output.

The answer to most builds: it imports neither `typing` nor `dataclasses` nor `pathlib`, each of which costs as much.
"""

import os
from collections.abc import Mapping, Sequence

from dashgen.project.last_build import last_builds
from dashgen.workspace.build_stamp import BuildStamp

_NOUNS = {
    "dashboard": "dashboard", "alert-rule": "alert rule", "recording-rule": "recording rule", "datasource": "data source",
    "contact-point": "contact point", "mute-timing": "mute timing", "template": "template",
}  # fmt: skip


def unchanged_answer(command_line: Sequence[str]) -> str | None:
    """What a build prints when nothing changed since the last one.

    Args:
        command_line: the words after the program's name.

    Returns:
        The text; None when something changed, there is something to report, or the command line is another one.
    """
    start, *rest = (
        command_line[2:]
        if command_line[1:2] in (["-C"], ["--project"]) and len(command_line) > 2
        else [".", *command_line[1:]]
    )
    if rest not in ([], ["--check"]) or not os.path.isdir(start) or not os.access(start, os.R_OK):  # noqa: PTH112  # see above
        return None
    try:
        text = "".join(_line(stamp, is_check=bool(rest)) for stamp in last_builds(start))
    except OSError:
        return None
    # What steers a terminal, or needs an encoding, is left to the streams of commands.
    return text if text.replace("\n", "").isprintable() and text.isascii() and text else None


def _line(stamp: BuildStamp, *, is_check: bool) -> str:
    # One of the outputs is the lock file, which nobody counts.
    shown, contents = shown_folder(stamp.output), contents_text(stamp.counts, len(stamp.outputs) - 1)
    if is_check:
        return f"{shown}/ is what the specs say ({contents})\n"
    return f"{shown}/: {contents}\nnothing changed\n"


def contents_text(counts: Mapping[str, int], files: int) -> str:
    """What is in an output, such as ``2 dashboards, 1 alert rule in 4 files``.

    Args:
        counts: how many resources there are of each kind.
        files: how many files.
    """
    parts = [
        f"{counts[kind]} {noun}{'s' * (counts[kind] != 1)}"
        for kind, noun in _NOUNS.items()
        if counts.get(kind)
    ]
    return f"{', '.join(parts) or 'nothing'} in {files} file{'s' * (files != 1)}"


def shown_folder(folder: str) -> str:
    """An absolute path, relative when it is below the current folder."""
    here = os.getcwd()  # noqa: PTH109  # see above
    if folder == here:
        return "."
    inside = here.rstrip(os.sep) + os.sep
    return folder.removeprefix(inside)
