"""Run the tests of a project's alert rules in each of its environments."""

from collections.abc import Collection, Mapping
from pathlib import Path

from msgspec import Struct

from dashgen.compile.pipeline import Compilation, CompileRequest, compile_project
from dashgen.project.rule_tests.run_tests import TestReport, run_rule_tests
from dashgen.workspace.workspace import open_workspace


class Run(Struct):
    """The tests of environments whose rules are the same; the environment None is the project without one."""

    environments: list[str | None]
    report: TestReport


def compile_environments(root: Path, environment: str | None) -> dict[str | None, Compilation]:
    """Compile a project for one environment, or for all that its output is built for.

    Args:
        root: the project's folder.
        environment: the one environment; all when absent.

    Raises:
        DashgenError: there is no room for temporary files.
    """
    workspace = open_workspace(root, environment)
    names: list[str | None] = [environment]
    if environment is None and workspace.project.environments:
        names = [*([] if workspace.is_per_environment else [None]), *workspace.project.environments]
    compiled = {}
    for name in names:
        workspace = open_workspace(root, name)
        compiled[name] = compile_project(workspace, workspace.spec_files(), CompileRequest(contents=False))
        compiled[name].close()
    return compiled


def run_project_tests(
    compiled: Mapping[str | None, Compilation], names: Collection[str], promtool: Path | None
) -> list[Run]:
    """Run the tests of compiled environments; those whose rules are the same need one run.

    Args:
        compiled: the environments.
        names: the alerts and groups to test; all when empty.
        promtool: the program, if there is one.

    Raises:
        DashgenError: promtool cannot be run.
    """
    runs: dict[tuple[tuple[str, bytes], ...], Run] = {}
    for environment, compilation in compiled.items():
        artifacts = compilation.others.artifacts
        rules = tuple((one.path, one.content) for one in artifacts if one.path.startswith("rules/"))
        if rules not in runs:
            runs[rules] = Run([], run_rule_tests(compilation.others.groups, names, promtool))
        runs[rules].environments.append(environment)
    return list(runs.values())
