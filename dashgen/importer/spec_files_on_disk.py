"""Imported specs on disk: all of them or none, and nothing is replaced unasked."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dashgen.core.errors import DashgenError
from dashgen.core.files.standalone import create_file, replace_file
from dashgen.importer.spec_names import distinct
from dashgen.workspace.input_files import require_inside

_MOST = 5


@dataclass(frozen=True, slots=True)
class Written:
    """The files, in the order of what was given."""

    paths: list[Path]


def write_files(out: Path, files: Sequence[tuple[str, str]], *, overwrite: bool = False) -> Written:
    """Write every file, or none when one of them is there already.

    Args:
        out: the folder, made when it is not there.
        files: names and texts; names that are alike get numbers.
        overwrite: whether files that are there may be replaced.

    Raises:
        DashgenError: nothing was written, because a file is there, or writing failed.
    """
    if out.exists() and not out.is_dir():
        raise DashgenError(f"nothing was written, because {out} is a file; name a folder")
    require_inside(out)
    names = distinct(name for name, _ in files)
    there = [name for name in names if (out / name).is_symlink() or (out / name).exists()]
    linked = [name for name in there if (out / name).is_symlink() or not (out / name).is_file()]
    if linked if overwrite else there:
        raise DashgenError(
            f"nothing was written, because {out} already has {_listed(linked if overwrite else there)}; "
            "remove them, or choose another folder"
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
        write = replace_file if overwrite else create_file
        for name, (_, text) in zip(names, files, strict=True):
            write(out / name, text.encode())
    except OSError as error:
        raise DashgenError(f"cannot write to {out}: {(error.strerror or str(error)).lower()}") from None
    return Written([out / name for name in names])


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:_MOST])
    return shown + (f" and {len(names) - _MOST} more" if len(names) > _MOST else "")
