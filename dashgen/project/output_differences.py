"""What differs between the output on disk and what the specs say."""

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from dashgen.compare import Change, read_both
from dashgen.compare.derived_changes import without_derived
from dashgen.compare.engine import compare_all
from dashgen.compare.render.render_summary import name_of, warnings_of
from dashgen.compare.render.render_text import one_line
from dashgen.compile.pipeline import Compilation
from dashgen.core.files.regular import read_regular
from dashgen.formats.resources import CONTACT_POINT, DASHBOARD, Key
from dashgen.project.write_output import OutputChanges
from dashgen.workspace.build_records import FileRecord

_FORM = "holds the same in another form: its spaces, order or comments differ"
_LINE_ENDINGS = (
    "has other line endings (CRLF): let git keep them with `generated/** text eol=lf` in .gitattributes"
)
_CARRIED = "differs as what it carries does"
_DERIVED = "differs as the alert rules do that it is made with"
_CARRIERS = ("kubernetes/", "git-sync/")
_MOST = 12


class OutputDifferences(Struct):
    """What a build would change.

    Attributes:
        changes: the changes of resources.
        warnings: why the comparison may say less than it should.
        alike: files that differ although they hold the same resources, each with how.
        lines: the same for a list of files: each starts with the path of a file that differs.
    """

    changes: list[Change] = []
    warnings: list[str] = []
    alike: dict[str, str] = {}
    lines: list[str] = []


def output_differences(output: Path, plan: OutputChanges, compilation: Compilation) -> OutputDifferences:
    """Compare the files that a build would write or remove.

    Args:
        output: the folder.
        plan: what the build would do.
        compilation: what the specs say.

    Raises:
        OSError: a file cannot be read.
    """
    before = {
        path: read_regular(output / path)
        for path in (*plan.changed, *plan.deleted)
        if (output / path).is_file()
    }
    after = {path: compilation.content(path) for path in (*plan.created, *plan.changed)}
    old, new = read_both(before, after, specs_of(compilation.records.values()))
    every = compare_all(old.resources, new.resources)
    differences = OutputDifferences(without_derived(every), warnings_of(old.resources, new.resources))
    differences.warnings += [
        f"{problem.location}: {problem.message}" for problem in (*old.problems, *new.problems)
    ]
    compared_paths = {path for change in every for path in _paths(change)}
    differences.alike = {
        path: _likeness(path, before.get(path) or b"", after[path])
        for path in plan.changed
        if path not in compared_paths
    }
    for path in plan.changed:
        differences.lines += [f"{path}: {line}" for line in _lines(path, differences, path in compared_paths)]
    return differences


def _likeness(path: str, old: bytes, new: bytes) -> str:
    """How two files differ that hold the same resources."""
    if old.replace(b"\r\n", b"\n") == new:
        return _LINE_ENDINGS
    return _CARRIED if path.startswith(_CARRIERS) else _FORM


def specs_of(records: Iterable[FileRecord]) -> dict[Key, str]:
    """The spec that each resource is made from."""
    specs: dict[Key, str] = {}
    for record in records:
        for owned in record.owned:
            # A contact point has a uid for each of its integrations; it is known by its name.
            specs[owned.kind, owned.title if owned.kind == CONTACT_POINT else owned.uid] = owned.spec
    return specs


def _paths(change: Change) -> set[str]:
    return {side.path for side in (change.before, change.after) if side}


def _lines(path: str, differences: OutputDifferences, is_compared: bool) -> list[str]:  # noqa: FBT001
    """The differences of one file; with ``is_compared`` one of its resources differs."""
    mine = [change for change in differences.changes if path in _paths(change)]
    if not mine:
        return [_DERIVED if is_compared else differences.alike[path]]
    lines = []
    for change in mine:
        name = "" if change.kind == DASHBOARD else f"{name_of(change)}: "
        texts = list(one_line(change)) or [str(change.what)]
        lines += [f"{name}{line}" for line in texts]
    return lines if len(lines) <= _MOST else [*lines[:_MOST], f"… and {len(lines) - _MOST} more"]
