"""Run the tests of a project's alert rules in each of its environments."""

from collections.abc import Collection, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from dashgen.compile.pipeline import Compilation, CompileRequest, compile_project
from dashgen.model.alert_routes import route_summary, routes_of
from dashgen.project.inspection import inspect_project
from dashgen.project.rule_tests.examine_panels import queries_by_panel
from dashgen.project.rule_tests.run_tests import Programs, TestReport, run_rule_tests
from dashgen.workspace.workspace import open_workspace


class Run(Struct):
    """The tests of environments whose rules are the same; the environment None is the project without one.

    ``routes`` has the contact points that each alert notifies, in one line, by the alert's uid.
    """

    environments: list[str | None]
    report: TestReport
    routes: Mapping[str, str] = {}


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
        request = CompileRequest(workspace.project.format, contents=False)
        compiled[name] = compile_project(workspace, workspace.spec_files(), request)
        compiled[name].close()
    return compiled


def run_project_tests(
    root: Path, compiled: Mapping[str | None, Compilation], names: Collection[str], programs: Programs
) -> list[Run]:
    """Run the tests of compiled environments; those whose rules and routes are the same need one run.

    Args:
        root: the project's folder.
        compiled: the environments.
        names: the alerts and groups to test; all when empty.
        programs: what runs tests besides dashgen.

    Raises:
        DashgenError: promtool cannot be run, or Loki does not answer.
    """
    runs: dict[tuple[object, ...], Run] = {}
    for environment, compilation in compiled.items():
        artifacts = compilation.others.artifacts
        rules = tuple((one.path, one.content) for one in artifacts if one.path.startswith("rules/"))
        routes = _routes(compilation)
        groups = compilation.others.groups
        key: tuple[object, ...] = (rules, _models(compilation), *routes.items())
        if any(group.document.model.tests for group in groups):
            # What panels ask may differ where rules do not.
            key = (*key, environment)
            panels = queries_by_panel([one.settled for one in inspect_project(root, environment).dashboards])
        else:
            panels = {}
        if key not in runs:
            runs[key] = Run([], run_rule_tests(groups, names, programs, panels), routes)
        runs[key].environments.append(environment)
    return list(runs.values())


def _models(compilation: Compilation) -> bytes:
    """Everything that specs say of rules and their tests: not all of it is in rule files."""
    groups = compilation.others.groups
    return msgspec.msgpack.encode(
        [(group.document.model, [rule.rule for rule in group.rules]) for group in groups]
    )


def _routes(compilation: Compilation) -> dict[str, str]:
    """The contact points that each alert notifies, by its uid; none where the specs do not tell."""
    notices = compilation.documents.of("Notifications")
    tree = next((one.model.policies for one in notices if one.model.policies is not None), None)
    return {
        alert.uid: route_summary(routes_of(alert, group.folder, tree).routes)
        for group in compilation.others.groups
        for alert in group.alerts
    }
