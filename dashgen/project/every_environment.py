"""A build of all environments of a project that has an output for each."""

from dataclasses import replace
from pathlib import Path

from dashgen.core.diagnostics import has_errors
from dashgen.project.build import BuildOptions, BuildReport, build
from dashgen.project.environments import findings_of
from dashgen.workspace.workspace import open_workspace


def build_environments(root: Path, options: BuildOptions) -> list[BuildReport]:
    """Build every environment of a project; nothing is written when one of them is wrong.

    Args:
        root: the project's folder.
        options: what each build is asked to do.

    Raises:
        DashgenError: files cannot be written.
    """
    workspace = open_workspace(root)
    names = list(workspace.project.environments)
    if not workspace.is_per_environment or not names or has_errors(workspace.diagnostics):
        return [build(options)]
    found = findings_of(workspace, options.form or workspace.project.format)
    if has_errors(found):
        return [BuildReport(root, workspace.outputs(options.output), diagnostics=found)]
    reports = []
    for name in names:
        output = None if options.output is None else options.output / name
        reports.append(build(replace(options, environment=name, output=output)))
    said = {replace(one, environments=()) for one in found}
    for report in reports:
        # What is wrong with the specs is said once, for all of them; what is wrong with an output is its own.
        report.diagnostics = [one for one in report.diagnostics if one not in said]
    reports[0].diagnostics = [*found, *reports[0].diagnostics]
    return reports
