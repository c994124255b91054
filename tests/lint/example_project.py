"""A project around the example of a lint rule."""

from pathlib import Path
from textwrap import indent

from dashgen.check.lint import LintFinding, LintRule, LintVariable
from dashgen.check.lint.file_subjects import read_foreign
from dashgen.check.lint.lint_rule import Preset
from dashgen.check.lint.run_rules import RuleRunner, RuleSelection
from dashgen.check.lint.subjects import LintAnnotation, LintDashboard, LintGroup, LintProject, LintRuleSubject
from dashgen.project.environments import findings_of
from dashgen.project.lint.lint_project import lint_subjects, read_specs
from dashgen.workspace.workspace import open_workspace

SHARED = """\
kind: DataSources
datasources:
  prometheus: {type: prometheus, uid: prometheus, url: 'http://prometheus:9090', scrape_interval: 15s, default: true}
  loki: {type: loki, uid: loki, url: 'http://loki:3100'}
  tempo: {type: tempo, uid: tempo, url: 'http://tempo:3200'}
---
kind: Metrics
ignore: ['.*']
metrics:
  http_requests_total:
    type: counter
    help: Requests that were answered.
    labels: {code: ['200', '404', '500'], method: [GET, POST], handler: {max: 50}}
  http_request_duration_seconds:
    type: histogram
    unit: seconds
    help: How long a request took.
    labels: {code: ['200', '404', '500'], handler: {max: 50}}
  process_resident_memory_bytes: {type: gauge, unit: bytes, help: Memory of a process.}
  queue_length: {type: gauge, help: Jobs that wait., labels: {queue: [mail, export]}}
log_labels: {app: [shop, payments], level: [info, warning, error]}
log_fields:
  duration_ms: {type: number, help: How long it took.}
  user_id: {help: Who asked.}
target_labels: [job, instance]
"""


_JSON = '{"'
_PROJECT_KEYS = ("policy:", "lint:")
"""An example that starts so has the project file before its first `---`."""


def spec_of(rule: LintRule, example: str) -> str:
    """An example as whole specs: a panel, a rule or a variable gets what stands around it."""
    if example.startswith(("kind:", _JSON, *_PROJECT_KEYS)):
        return example
    item = indent(example, "    ").replace("    ", "  - ", 1)
    if rule.subject in (LintRuleSubject, LintGroup) or example.startswith(("alert:", "record:")):
        return f"kind: AlertRules\ngroup: example\nfolder: Examples\nrules:\n{item}\n"
    if rule.subject is LintVariable:
        panel = "  - {title: Requests, query: 'sum(rate(http_requests_total[5m]))'}\n"
        return f"kind: Dashboard\ntitle: Example\nvariables:\n{item}\npanels:\n{panel}"
    if rule.subject in (LintDashboard, LintProject, LintAnnotation):
        raise AssertionError(f"the examples of {rule.name} have to be whole specs, starting with `kind:`")
    return f"kind: Dashboard\ntitle: Example\npanels:\n{item}\n"


def example_project(root: Path, spec: str, project: str = "") -> Path:
    """Write a project with one spec beside the shared ones."""
    (root / "specs").mkdir(parents=True, exist_ok=True)
    if spec.startswith(_PROJECT_KEYS):
        project, _, spec = spec.partition("---\n")
    (root / "dashgen.yaml").write_text(project)
    (root / "specs" / "shared.yaml").write_text(SHARED)
    is_dashboard = spec.startswith(_JSON)
    (root / ("example.json" if is_dashboard else "specs/example.yaml")).write_text(spec)
    return root


def findings_of_rule(root: Path, rule: LintRule) -> list[LintFinding]:
    """The findings of one rule in a project, whose specs have to build, or in a dashboard beside them."""
    dashboard = root / "example.json"
    if dashboard.exists():
        tree = read_foreign([dashboard], lambda path: path.name)
        selection = RuleSelection([rule], tree.project.settings, Preset.STRICT, [rule.name], (), only=True)
        runner = RuleRunner(tree.project, selection)
        return [one for subject in tree.dashboards() for one in runner.dashboard(subject)]
    workspace = open_workspace(root)
    errors = [one for one in findings_of(workspace, "classic") if one.severity == "error"]
    assert not errors, errors
    specs = read_specs(workspace, workspace.spec_files())
    selection = RuleSelection([rule], specs.project.settings, Preset.STRICT, [rule.name], (), only=True)
    return lint_subjects(specs, selection)
