"""Build every environment of a project that has an output for each."""

import os
from contextlib import ExitStack, suppress
from pathlib import Path

from msgspec.structs import replace

from dashgen.core.diagnostics import Diagnostic, has_errors
from dashgen.core.files.rooted_paths import Tree
from dashgen.project.build import BuildOptions, BuildReport, build, cache_key, unchanged_build
from dashgen.project.environments import together
from dashgen.project.full_build import PendingBuild, building, compile_build, finish_build
from dashgen.workspace.build_cache import save_stamp
from dashgen.workspace.build_stamp import BuildStamp, hash_of_inputs
from dashgen.workspace.workspace import Workspace, open_workspace

_OF_OUTPUTS = ("lock/", "output/")
"""The families of findings that are about an output, not about specs."""


def build_environments(root: Path, options: BuildOptions) -> list[BuildReport]:
    """Build every environment of a project; nothing is written when one of them is wrong.

    Args:
        root: the project's folder.
        options: the options of each build.

    Raises:
        DashgenError: files cannot be written.
    """
    workspace = open_workspace(root)
    names = list(workspace.project.environments)
    if not workspace.is_per_environment or not names or has_errors(workspace.diagnostics):
        return [build(options)]
    with building(root, options), ExitStack() as stack:
        builds: dict[str | None, BuildReport | PendingBuild] = {}
        for name in names:
            output = None if options.output is None else options.output / name
            chosen = replace(options, environment=name, output=output)
            unchanged = unchanged_build(root, chosen)
            if unchanged is not None:
                builds[name] = unchanged
            else:
                builds[name] = pending = compile_build(root, chosen)
                stack.callback(pending.close)
        findings = together({name: _spec_findings(one) for name, one in builds.items()})
        if has_errors(findings):
            return [BuildReport(root, workspace.outputs(options.output), diagnostics=findings)]
        reports = [finish_build(one) if isinstance(one, PendingBuild) else one for one in builds.values()]
    reported = {replace(one, environments=()) for one in findings}
    for report in reports:
        # What is wrong with the specs is reported once for all environments, what is wrong with an output each time.
        report.diagnostics = [one for one in report.diagnostics if one not in reported]
    reports[0].diagnostics = [*findings, *reports[0].diagnostics]
    if not options.check and not any(report.diagnostics for report in reports):
        _remember(workspace, cache_key(root, options), names)
    return reports


def _spec_findings(build: BuildReport | PendingBuild) -> list[Diagnostic]:
    findings = build.diagnostics if isinstance(build, BuildReport) else build.compilation.diagnostics
    return [one for one in findings if not one.rule.startswith(_OF_OUTPUTS)]


def _remember(workspace: Workspace, key: str, names: list[str]) -> None:
    """Leave a stamp that names the environments; failing to is no failure of the build."""
    inputs = hash_of_inputs(workspace.spec_files())
    if not inputs:
        return
    stamp = BuildStamp(key, workspace.project.specs, inputs)
    stamp.env = {name: os.environ.get(name) for name in workspace.project.env}
    stamp.environments = names
    with suppress(OSError), Tree(workspace.root) as tree:
        save_stamp(tree, stamp)
