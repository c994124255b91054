"""The answer to ``dashgen build`` when nothing changed, which is most of the time: before a command is even imported."""

import os

from dashgen.project.last_build import last_builds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_KINDS = {
    "dashboard": "dashboards", "alert-rule": "alert rules", "recording-rule": "recording rules", "datasource": "data sources",
    "contact-point": "contact points", "mute-timing": "mute timings", "template": "templates",
}  # fmt: skip


def unchanged_answer(options: "Sequence[str]") -> str | None:
    """What ``dashgen build`` prints when nothing changed since the last one; None when there is something to do.

    Args:
        options: what follows the name of the command; only no option and ``--check`` are answered here.
    """
    if list(options) not in ([], ["--check"]):
        return None
    try:
        stamps, here = last_builds("."), os.getcwd()  # noqa: PTH109  # no pathlib here
    except OSError:
        return None
    lines = []
    for stamp in stamps:
        shown = _relative(stamp.output, here)
        # The lock is a written file too, but nobody counts it.
        contents = contents_text(stamp.counts, len(stamp.outputs) - 1)
        if options:
            lines.append(f"{shown}/ is what the specs say ({contents})\n")
        else:
            lines.append(f"{shown}/: {contents}\nnothing changed\n")
    answer = "".join(lines)
    # Names that a terminal may not be able to show are left to the command.
    return answer if answer.isascii() and all(line.isprintable() for line in answer.splitlines()) else None


def contents_text(counts: "Mapping[str, int]", files: int) -> str:
    """What is in an output: ``3 dashboards, 1 data source in 5 files``.

    Args:
        counts: how many resources of each kind there are.
        files: in how many files.
    """
    parts = [
        f"{count} {plural if count != 1 else plural.removesuffix('s')}"
        for kind, plural in _KINDS.items()
        if (count := counts.get(kind, 0))
    ]
    return f"{', '.join(parts) or 'nothing'} in {files} file{'s' * (files != 1)}"


def _relative(path: str, here: str) -> str:
    if path == here:
        return "."
    return path.removeprefix(f"{here.rstrip(os.sep)}{os.sep}")
