"""Alert rules that name panels are linted, although dashboards come one by one after them."""

from pathlib import Path

from dashgen.project.lint.lint_project import read_specs
from dashgen.workspace.workspace import open_workspace
from tests.lint.example_project import example_project

SPEC = """\
kind: AlertRules
group: example
folder: Examples
rules:
  - {alert: NothingWaits, query: sum(queue_length), when: below 1, panel: example/waiting}
"""


def test_an_alert_with_a_panel_is_a_subject(tmp_path: Path) -> None:
    workspace = open_workspace(example_project(tmp_path, SPEC))
    specs = read_specs(workspace, workspace.spec_files())
    assert [(rule.name, rule.panel) for rule in specs.project.rules] == [("NothingWaits", "example/waiting")]
    assert specs.findings == []
