"""What the last build wrote, if nothing changed since: the answer to most builds, with few imports."""

import os

from dashgen.project.stray_files import strays
from dashgen.workspace.build_stamp import (
    JOURNAL_FILE,
    BuildStamp,
    build_key,
    hash_of_inputs,
    is_unchanged,
    read_stamp,
    same_variables,
)
from dashgen.workspace.input_files import list_specs, project_bytes, project_folder


def stamp_key(root: str, environment: str | None, output: str, form: str | None) -> str:
    """The key of the stamp and of the cache of a build.

    Args:
        root: the project's folder.
        environment: the environment that it is built for.
        output: the folder to write instead of the project's, without links in its path; empty for the
            project's.
        form: the form of dashboard files, instead of the project's.
    """
    return build_key(f"{output}\0{environment}\0{form}\0{root}", project_bytes(root))


def last_builds(start: str) -> list[BuildStamp]:
    """The last build without options of the project that a folder is in, or one for each environment.

    Args:
        start: the project's folder, or one inside it.

    Returns:
        The stamps; nothing when a spec, a written file or anything else has changed, or when there is
        something to report.
    """
    root = project_folder(start) or os.path.realpath(start)
    stamp = current_stamp(root, stamp_key(root, None, "", None))
    if stamp is None or stamp.has_findings:
        return []
    if not stamp.environments:
        return [stamp]
    keys = [stamp_key(root, name, "", None) for name in stamp.environments]
    stamps = []
    for key in keys:
        stamp = current_stamp(root, key)
        if stamp is None or stamp.has_findings:
            return []
        stamps.append(stamp)
    return stamps


def current_stamp(root: str, key: str) -> BuildStamp | None:
    """The stamp with a key, if neither a spec nor a written file has changed since."""
    stamp = read_stamp(root, key)
    if stamp is None or not same_variables(stamp.env) or not has_same_inputs(root, stamp):
        return None
    if not stamp.output:
        return stamp
    if os.path.lexists(f"{stamp.output}{os.sep}{JOURNAL_FILE}"):
        # A build that wrote something else was killed.
        return None
    if not all(is_unchanged(stamp.output, path, file) for path, file in stamp.outputs.items()):
        return None
    return None if next(strays(stamp.output, stamp.outputs), None) is not None else stamp


def has_same_inputs(root: str, stamp: BuildStamp) -> bool:
    """Whether the spec files are those that a stamp was made of."""
    files, problems = list_specs(root, stamp.specs)
    return all(one.ignored for one in problems) and stamp.inputs == (hash_of_inputs(files) or "unreadable")
