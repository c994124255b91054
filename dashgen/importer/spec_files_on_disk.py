"""Write imported specs to disk: all of them or none, and nothing is replaced without ``--force``."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from dashgen.core.errors import DashgenError
from dashgen.core.files.standalone import create_file, replace_file
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.core.sentence_parts import first_names
from dashgen.model.panel_identity import slug
from dashgen.workspace.workspace import require_inside

_UNSAFE = lazy_pattern(r"[^A-Za-z0-9_-]+")
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)
_LONGEST = 80


def file_name(identifier: str, otherwise: str) -> str:
    """A file's name without anything that means something to a file system or a terminal.

    Args:
        identifier: a uid or a title, from anywhere.
        otherwise: the name when nothing of it can be kept.
    """
    plain = identifier if identifier.isascii() else slug(identifier)
    stem = _UNSAFE.sub("-", plain).strip("-")[:_LONGEST].strip("-")
    # Windows opens a device for names such as `con`, whatever their ending.
    if not stem or stem.lower() in _RESERVED:
        stem = f"{stem}-{otherwise}".strip("-")
    return f"{stem}.yaml"


def distinct_names(names: Iterable[str]) -> list[str]:
    """The same names, with numbers where two are one file on a system that ignores case."""
    taken: set[str] = set()
    result = []
    for name in names:
        stem, _, ending = name.rpartition(".")
        free_name, number = name, 2
        while free_name.lower() in taken:
            free_name, number = f"{stem}-{number}.{ending}", number + 1
        taken.add(free_name.lower())
        result.append(free_name)
    return result


_MOST = 5


def write_files(out: Path, files: Sequence[tuple[str, str]], *, overwrite: bool = False) -> list[Path]:
    """Write every file, or none when one of them is there already.

    Args:
        out: the folder, made when it is not there.
        files: names and texts; names that are alike get numbers.
        overwrite: whether files that are there may be replaced.

    Returns:
        The files, in the order of ``files``.

    Raises:
        DashgenError: nothing was written, because a file is there, or writing failed.
    """
    if out.exists() and not out.is_dir():
        raise DashgenError(f"nothing was written, because {out} is a file; name a folder")
    require_inside(out)
    names = distinct_names(name for name, _ in files)
    existing = [name for name in names if (out / name).is_symlink() or (out / name).exists()]
    linked = [name for name in existing if (out / name).is_symlink() or not (out / name).is_file()]
    # A link is never followed, as it may lead out of the project.
    if linked if overwrite else existing:
        raise DashgenError(
            f"nothing was written, because {out} already has {first_names(linked if overwrite else existing, _MOST)}; "
            "remove them, or choose another folder"
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
        write = replace_file if overwrite else create_file
        for name, (_, text) in zip(names, files, strict=True):
            write(out / name, text.encode())
    except OSError as error:
        raise DashgenError(f"cannot write to {out}: {(error.strerror or str(error)).lower()}") from None
    return [out / name for name in names]
