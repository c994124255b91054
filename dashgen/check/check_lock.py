"""The lock file: the files that dashgen owns below a folder, and their hashes."""

import hashlib
from pathlib import Path as FilePath

from dashgen.check.check_report import Path, Report, entries, text_of
from dashgen.core.files.regular import read_regular
from dashgen.core.json_values import Json, mapping


def check_lock(report: Report) -> None:
    """Check that the files of the lock file exist and are as they were written.

    Unknown fields are left alone.
    """
    data = report.data
    if not isinstance(data, dict) or not isinstance(data.get("resources"), list):
        report.error("lock/form", (), "the lock file has no list of `resources`", "run `dashgen build`")
        return
    if data.get("version") != 1:
        message = f"the lock file has version `{text_of(data.get('version'))}`: this dashgen reads version 1"
        report.error(
            "lock/version", ("version",), message, "run `dashgen build` with this version of dashgen"
        )
    hashes: dict[str, str] = {}
    for index, resource in entries(data["resources"]):
        _check_resource(report, ("resources", index), resource, hashes)


def _check_resource(report: Report, path: Path, resource: Json, hashes: dict[str, str]) -> None:
    relative, expected = text_of(resource.get("path")), text_of(resource.get("sha256"))
    if not relative:
        return
    folder = report.path.parent
    file = folder / relative
    if FilePath(relative).is_absolute() or ".." in FilePath(relative).parts:
        message = f"`{relative}` leaves the folder of the lock file"
        report.error("lock/path", (*path, "path"), message, "run `dashgen build`")
        return
    name = " ".join(text_of(mapping(resource).get(key)) for key in ("kind", "uid")).strip()
    try:
        actual = hashes.get(relative) or hashlib.sha256(read_regular(file)).hexdigest()
    except OSError:
        message = f"`{relative}` is missing, which has {name or 'a resource'} by the lock file"
        report.error("lock/missing-file", (*path, "path"), message, "run `dashgen build`")
        return
    hashes[relative] = actual
    if expected and expected.removeprefix("sha256:") != actual:
        message = f"`{relative}` was changed: its hash differs from that in the lock file"
        hint = "change the spec instead, and run `dashgen build`"
        report.error("lock/changed-file", (*path, "sha256"), message, hint)
