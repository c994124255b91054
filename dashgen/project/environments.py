"""Whether a project is sound in each of its environments: the one answer for all commands."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from dashgen.compile.pipeline import Compilation, CompileRequest, compile_project
from dashgen.core.diagnostics import Diagnostic, arrange, has_errors
from dashgen.project.build import no_collection
from dashgen.workspace.build_cache import Cache, load_cache, save_cache
from dashgen.workspace.build_stamp import BuildStamp, build_key, hash_of_inputs, read_stamp, same_variables
from dashgen.workspace.input_files import SpecFile, project_bytes
from dashgen.workspace.workspace import Workspace, open_workspace

Findings = Sequence[Diagnostic]


def compile_soundly(
    workspace: Workspace,
    files: list[SpecFile],
    request: CompileRequest,
    cache: Cache | None = None,
    more: Sequence[SpecFile] = (),
) -> Compilation:
    """Compile a project, and when no environment is chosen check it for all of them.

    Args:
        workspace: the project.
        files: its spec files.
        request: how.
        cache: the memory of an earlier build with the same key.
        more: files that are looked at as if they stood in the spec folders.

    Raises:
        DashgenError: there is no room for temporary files.
    """
    compilation = compile_project(workspace, [*files, *more], request, cache)
    if workspace.environment is None and workspace.project.environments:
        findings: dict[str | None, Findings] = {None: compilation.diagnostics}
        for name in workspace.project.environments:
            findings[name] = _checked(workspace.root, name, request.form, more)
        compilation.diagnostics = together(findings)
    return compilation


@no_collection()
def findings_of(workspace: Workspace, form: str, more: Sequence[SpecFile] = ()) -> list[Diagnostic]:
    """What a build would report about a project, in the chosen environment or in all of them.

    The findings of an earlier run are remembered as long as no spec changes.

    Args:
        workspace: the project.
        form: the form of dashboard files.
        more: files that are looked at as if they stood in the spec folders.

    Raises:
        DashgenError: there is no room for temporary files.
    """
    names: list[str | None] = [workspace.environment]
    if workspace.environment is None:
        # Where each environment has an output of its own, nothing is built without one.
        alone = workspace.is_per_environment and workspace.project.environments
        names = [*(() if alone else (None,)), *workspace.project.environments]
    return together({name: _checked(workspace.root, name, form, more) for name in names})


def together(by_environment: Mapping[str | None, Findings]) -> list[Diagnostic]:
    """The findings of several environments, each once, with its environments if not all have it.

    Args:
        by_environment: the findings by environment; None is the project without one.
    """
    owners: dict[Diagnostic, list[str | None]] = {}
    for name, findings in by_environment.items():
        for one in findings:
            owners.setdefault(one, []).append(name)
    merged = []
    for one, names in owners.items():
        everywhere = len(names) == len(by_environment)
        # What a comment ignores in one environment may not be there in another.
        if one.rule == "ignore/unused" and not everywhere:
            continue
        named = () if everywhere or None in names else tuple(name for name in names if name is not None)
        merged.append(replace(one, environments=named))
    return arrange(merged)


def _checked(root: Path, environment: str | None, form: str, more: Sequence[SpecFile]) -> list[Diagnostic]:
    """What is wrong in one environment, remembered as long as nothing changes."""
    workspace = open_workspace(root, environment)
    before = len(workspace.diagnostics)
    files = [*workspace.spec_files(), *more]
    # A stamp knows nothing of what could not be listed or read.
    inputs = hash_of_inputs(files) if len(workspace.diagnostics) == before else ""
    key = build_key(f"check\0{environment}\0{form}\0{root}", project_bytes(root))
    cache, stamp = load_cache(root, key), read_stamp(str(root), key)
    if cache is not None and stamp is not None and stamp.inputs == inputs and same_variables(stamp.env):
        return cache.diagnostics
    compilation = compile_project(workspace, files, CompileRequest(form=form, contents=False), cache)
    compilation.close()
    if not more and inputs and not has_errors(compilation.diagnostics):
        stamp = BuildStamp(key, workspace.project.specs, inputs)
        stamp.env = {name: os.environ.get(name) for name in workspace.project.env}
        updated = Cache(key, compilation.shared, compilation.files, compilation.diagnostics)
        save_cache(root, updated, stamp)
    return compilation.diagnostics
