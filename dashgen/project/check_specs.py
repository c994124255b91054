"""Check the specs of a project without writing anything."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic
from dashgen.core.files.regular import read_regular
from dashgen.project.environments import findings_of
from dashgen.workspace.input_files import PROJECT_FILE, SpecFile
from dashgen.workspace.workspace import Workspace, open_workspace


class CheckedSpecs(Struct):
    """What is wrong with specs, and how many files were looked at."""

    workspace: Workspace
    files: int = 0
    diagnostics: list[Diagnostic] = []


def check_specs(root: Path, environment: str | None, only: Sequence[Path] | None = None) -> CheckedSpecs:
    """Compile a project in memory.

    Args:
        root: the project's folder, or one inside it.
        environment: the environment to compile for.
        only: report only what is wrong with these files (and with the project file); they may be outside the
            spec folders.

    Raises:
        DashgenError: there is no room for temporary files.
    """
    workspace = open_workspace(root, environment)
    files = workspace.spec_files()
    if only is None:
        return CheckedSpecs(workspace, len(files), findings_of(workspace, workspace.project.format))
    listed = {file.name for file in files}
    named = {workspace.show(path.resolve()): path.resolve() for path in only}
    strangers = [_spec_file(path, name) for name, path in named.items() if name not in listed]
    more = [file for file in strangers if file.name != PROJECT_FILE]
    findings = findings_of(workspace, workspace.project.format, more)
    names = {*named, PROJECT_FILE}
    return CheckedSpecs(
        workspace, len(named), [d for d in findings if d.location and d.location.file in names]
    )


def _spec_file(path: Path, name: str) -> SpecFile:
    try:
        return SpecFile(str(path), name, sha256(read_regular(path)).hexdigest())
    except OSError:
        return SpecFile(str(path), name, "")
