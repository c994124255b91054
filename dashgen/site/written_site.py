"""A site on the disk: written, or compared with what is there.

The site's own lock names its files, so that a later run removes what no spec makes any more, and nothing
else: what people put beside the pages, a `CNAME` say, stays.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from dashgen.core.diagnostics import Diagnostic
from dashgen.core.errors import DashgenError
from dashgen.core.files.rooted_paths import Tree
from dashgen.project.write_output import OutputChanges, plan_changes, write_changes
from dashgen.workspace.build_records import FileRecord
from dashgen.workspace.lock_file import LOCK_FILE, Lock, dump, make_lock, read_lock

SITE_LOCK: Final = "dashgen-site.lock.json"


def site_changes(
    output: Path, contents: Mapping[str, bytes], shown: str
) -> tuple[OutputChanges, list[Diagnostic]]:
    """What differs between a site and the folder that it is to be in.

    Args:
        output: the folder.
        contents: the files of the site by their paths.
        shown: the folder as the user knows it.

    Raises:
        DashgenError: the folder is the output of a build.
    """
    if (output / LOCK_FILE).exists():
        raise DashgenError(f"{shown} is the output of a build; choose another folder with `--out`")
    before, problems = read_lock(output, f"{shown}/{SITE_LOCK}", SITE_LOCK)
    changes, edited = plan_changes(
        output, _records(contents), before, lambda path: f"{shown}/{path.relative_to(output)}", {}
    )
    # Unlike a build's lock, it has nothing that the specs do not tell.
    problems = [replace(problem, hint="remove the folder, and write the site anew") for problem in problems]
    return changes, [*problems, *edited]


def write_site(output: Path, contents: Mapping[str, bytes], changes: OutputChanges) -> None:
    """Write a site; nothing is written when that has errors.

    Raises:
        DashgenError: a file cannot be written.
    """
    before, _ = read_lock(output, SITE_LOCK, SITE_LOCK)
    after = make_lock(_records(contents).values(), (), changes.edited)
    # A run that is killed leaves a lock that names what it wrote beside what was there before.
    both = replace(after, resources=(*before.resources, *after.resources))
    _write_lock(output, both if changes else after)
    if changes:
        write_changes(output, changes, contents.__getitem__, None)
        _write_lock(output, after)


def _records(contents: Mapping[str, bytes]) -> dict[str, FileRecord]:
    return {path: FileRecord(path, sha256(content).hexdigest(), ()) for path, content in contents.items()}


def _write_lock(output: Path, lock: Lock) -> None:
    content = dump(lock)
    try:
        with Tree(output) as tree:
            if tree.read(SITE_LOCK) != content:
                tree.replace(SITE_LOCK, content)
    except OSError as error:
        raise DashgenError(
            f"cannot write {output / SITE_LOCK}: {(error.strerror or str(error)).lower()}"
        ) from None
