"""``dashgen validate``."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from dashgen.check.check_tree import validate_paths
from dashgen.cli.options import (
    FailOn,
    Format,
    LeastFailure,
    OneOrAllEnvironments,
    OutputFormat,
    ProjectFolder,
    ReportFiles,
    chosen_environment,
    fails,
    finish,
    report_files,
    usage_error,
)
from dashgen.cli.output import report, write_reports
from dashgen.cli.parameters import Argument, Option
from dashgen.cli.project_places import shown_path
from dashgen.core.diagnostics import Diagnostic, arrange, has_errors
from dashgen.project.build import find_root
from dashgen.query.required_versions import DEFAULT_TARGETS, TargetServers
from dashgen.workspace.diagnostic_order import sort_paths
from dashgen.workspace.input_files import PROJECT_FILE, find_project

if TYPE_CHECKING:
    from dashgen.project.check_specs import CheckedSpecs


def validate(
    paths: Annotated[
        list[Path] | None,
        Argument(metavar="PATHS", help="Spec files, generated files or folders; default: the whole project."),
    ] = None,
    project: ProjectFolder = Path(),
    env: OneOrAllEnvironments = None,
    strict: Annotated[bool, Option("--strict", help="The same as `--fail-on warning`.")] = False,
    fail_on: LeastFailure = None,
    reports: ReportFiles = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Check specs and generated files.

    Specs are compiled, but nothing is written. Other files, made by dashgen or not, are read as Grafana,
    Prometheus and Loki would read them. By default, check the project's specs and its output.

    Example: dashgen validate generated/
    """
    if strict and fail_on is not None:
        usage_error("`--strict` is `--fail-on warning`", "use one of them")
    fail_on = FailOn.WARNING if strict else fail_on
    files = report_files(reports)
    for path in paths or ():
        if not path.exists():
            usage_error(f"there is no file or folder `{path}`")
    specs, artifacts = _sorted(project, chosen_environment(env), paths)
    problems = list(specs.diagnostics) if specs else []
    root = specs.workspace.root if specs else Path.cwd()
    # What queries need of servers is reported at the specs, if they are checked too.
    targets = None if specs else _targets(project)
    # Paths are one tree, in which uids are unique; the outputs of environments are checked apart.
    for tree in [artifacts] if paths else [[output] for output in artifacts]:
        if tree:
            problems += validate_paths(tree, show=lambda path: shown_path(path, root), targets=targets)
    problems = arrange(problems)
    if problems or output_format is not Format.TEXT:
        report(problems, output_format, root, stdout=True)
    write_reports(files, problems, root)
    if output_format is Format.TEXT and not fails(problems, fail_on=fail_on):
        sys.stdout.write(_success(specs, artifacts, root, problems))
    finish(problems, fail_on=fail_on, form=output_format)


def _sorted(
    project: Path, env: str | None, paths: Sequence[Path] | None
) -> "tuple[CheckedSpecs | None, list[Path]]":
    """The specs among the paths, checked, and the artifacts among them.

    Raises:
        DashgenError: the specs belong to several projects.
    """
    if not paths:
        specs = _checked(project, env)
        return specs, [output for output in specs.workspace.written() if output.is_dir()]
    sorted_paths = sort_paths(paths)
    if not sorted_paths.specs:
        return None, sorted_paths.artifacts
    # Specs are checked with all others of their project, since they use its components, metrics and data
    # sources.
    roots = {find_root(path.resolve().parent) for path in sorted_paths.specs}
    roots = {root for root in roots if (root / PROJECT_FILE).is_file()} or {find_root(project)}
    if len(roots) > 1:
        shown = " and ".join(f"`{root}`" for root in sorted(roots))
        usage_error(f"the specs belong to several projects: {shown}", "check one project at a time")
    return _checked(roots.pop(), env, sorted_paths.specs), sorted_paths.artifacts


def _checked(project: Path, env: str | None, specs: Sequence[Path] | None = None) -> "CheckedSpecs":
    from dashgen.project.check_specs import check_specs  # the compiler, of no use to generated files

    return check_specs(project, env, specs)


def _targets(project: Path) -> TargetServers:
    """The servers that the queries of files without specs are for."""
    if find_project(project.resolve()) is None:
        return DEFAULT_TARGETS
    from dashgen.workspace.workspace import open_workspace  # the models of specs, of no use to other files

    return open_workspace(project).project.versions.targets()


def _success(
    specs: "CheckedSpecs | None", artifacts: list[Path], root: Path, problems: list[Diagnostic]
) -> str:
    parts = [f"{specs.files} spec file{'s' * (specs.files != 1)}"] if specs else []
    parts += [f"{shown_path(path, root)}{'/' * path.is_dir()}" for path in artifacts]
    if has_errors(problems):
        return ""
    result = "no errors" if problems else "nothing wrong"
    return f"{result} in {' and '.join(parts) or 'an empty project'}\n"
