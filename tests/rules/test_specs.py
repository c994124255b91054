"""The project's own alerts, run by Prometheus: each fires when it should and stays silent when it should."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashgen.compile.outputs.rule_tests import FOLDER
from dashgen.compile.pipeline import Compilation, CompileRequest, compile_project
from dashgen.core.diagnostics import has_errors
from dashgen.project.rule_tests.promtool import find_promtool
from dashgen.project.rule_tests.run_tests import Programs, run_rule_tests
from dashgen.workspace.workspace import open_workspace
from tests.conftest import Promtool

pytestmark = pytest.mark.external
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def compiled() -> Iterator[Compilation]:
    workspace = open_workspace(ROOT)
    compilation = compile_project(workspace, workspace.spec_files(), CompileRequest())
    assert not has_errors(compilation.diagnostics), compilation.diagnostics
    yield compilation
    compilation.close()


def test_prometheus_runs_the_tests_of_every_group(
    compiled: Compilation, promtool: Promtool, tmp_path: Path
) -> None:
    files = [path for path in compiled.contents if path.startswith(FOLDER)]
    assert len(files) >= 2
    for path in (path for path in compiled.contents if path.startswith("rules/")):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(compiled.content(path))
    run = promtool(tmp_path, "test", "rules", *files)
    assert run.returncode == 0, f"{run.stdout}{run.stderr}"


def test_the_tests_of_every_alert_show_all_that_it_does(compiled: Compilation, promtool: Promtool) -> None:
    del promtool
    report = run_rule_tests(compiled.others.groups, (), Programs(find_promtool()))
    assert report.diagnostics == []
    assert {one.alert.rule.alert: one.missing for one in report.coverage if one.missing} == {}
    assert len(report.coverage) == 16


def test_every_alert_is_in_grafana_and_in_a_rule_file(compiled: Compilation) -> None:
    for group in compiled.others.groups:
        for alert in group.alerts:
            assert len(alert.outputs) == 2, alert.rule.alert
