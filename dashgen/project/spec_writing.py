"""Spec files that a command edits: as a patch for people and for git, or written all together."""

import os
import stat
from collections.abc import Iterable, Mapping
from difflib import unified_diff
from pathlib import Path

from dashgen.core.errors import DashgenError, os_reason
from dashgen.core.files.regular import read_regular
from dashgen.core.files.standalone import Replacement, create_file, replace_files
from dashgen.workspace.workspace import require_inside


class ChangedOnDiskError(DashgenError):
    """A spec was changed by somebody while dashgen ran."""

    exit_code = 4


def unified(before: Mapping[str, str], after: Mapping[str, str], prefix: str = "") -> str:
    """A patch that git applies.

    Args:
        before: the texts by file.
        after: what they become; files that are not in ``before`` are new.
        prefix: the project's folder below the repository's, with a slash at its end.
    """
    lines: list[str] = []
    for name, text in after.items():
        old = before.get(name)
        if old == text:
            continue
        shown = prefix + name
        # git needs the mode of a new file.
        if old is None:
            lines += [f"diff --git a/{shown} b/{shown}\n", "new file mode 100644\n"]
        source = f"a/{shown}" if old is not None else "/dev/null"
        for line in unified_diff(_lines(old or ""), _lines(text), source, f"b/{shown}"):
            lines.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(lines)


def _lines(text: str) -> list[str]:
    parts = text.split("\n")
    return [*(f"{line}\n" for line in parts[:-1]), *([parts[-1]] if parts[-1] else [])]


def write(
    paths: Mapping[str, Path], read: Mapping[str, bytes], after: Mapping[str, str], new: Mapping[Path, str]
) -> None:
    """Write spec files, each in one step, unless one of them is not as it was read.

    Args:
        paths: where the files are.
        read: the bytes that they had.
        after: their texts.
        new: the texts of new files; there is nothing in their place.

    Raises:
        ChangedOnDiskError: somebody changed a file; then nothing was written.
        DashgenError: a file cannot be written; it is as it was then.
    """
    changed = {
        name: text.encode() for name, text in after.items() if name in paths and text.encode() != read[name]
    }
    _unchanged((paths[name], read[name]) for name in changed)

    # Looked at once more at the last moment, when all new contents are on the disk beside the old ones.
    def before_replacing() -> None:
        for path, text in new.items():
            require_inside(path)
            path.parent.mkdir(parents=True, exist_ok=True)
            create_file(path, text.encode())
        _unchanged((paths[name], read[name]) for name in changed)

    replacements = []
    try:
        for name, content in changed.items():
            # A spec may be a link inside of the project: then what it leads to is written.
            target = Path(os.path.realpath(paths[name]))
            # With the mode that it has.
            replacements.append(Replacement(target, content, stat.S_IMODE(target.stat().st_mode)))
        replace_files(replacements, before_replacing)
    except OSError as error:
        raise DashgenError(f"cannot write {error.filename}: {os_reason(error)}") from None


def _unchanged(files: Iterable[tuple[Path, bytes]]) -> None:
    for path, content in files:
        try:
            disk_content = read_regular(path)
        except OSError:
            disk_content = None
        if disk_content != content:
            raise ChangedOnDiskError(
                f"{path} was changed while dashgen ran; nothing was written, run it again"
            )
