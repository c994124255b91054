"""What the README and the tutorial promise, and what the tests that prove it share."""

from pathlib import Path

import pytest

from tests.docs.examples import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
TUTORIAL = (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")
PAGES = {"README": README, "tutorial": TUTORIAL}
PROMISES = {
    "derived": ("README", "units, legends, descriptions, layout and ids are derived"),
    "errors": ("README", "is an error at `file:line:column` before anything is deployed"),
    "one alert": (
        "README",
        "It becomes an alert rule in Grafana, a rule file for Prometheus or Loki, a unit test for",
    ),
    "commands": ("README", "Each has `--help` with an example"),
    "streams": (
        "README",
        "Findings are printed on stderr; those of `validate`, `lint` and `check` are their result and are printed on stdout",
    ),
    "exit codes": ("README", "Exit codes: 0 success · 1 findings or differences · 2 wrong usage"),
    "tokens": ("README", "Tokens come from the environment (`GRAFANA_TOKEN`), never from the command line"),
    "differences": (
        "README",
        "only what differs is written, and resources edited in Grafana are left alone and reported",
    ),
    "plan": (
        "README",
        "write a plan for review · apply exactly that plan, or nothing if something has changed since",
    ),
    "pull": ("README", "take edits made in Grafana back into the YAML as the smallest patch"),
    "rollback": ("README", "restore what a push changed"),
    "foreign": ("README", "including files made by other tools"),
    "failed test": (
        "README",
        "a failure is reported at its line of the spec, with the times at which the alert does fire",
    ),
    "hooks": ("README", "add this repository with the hooks `dashgen-build-check` and `dashgen-validate`"),
    "lines": (
        "README",
        "The median panel is less than nine lines of YAML for over a hundred lines of Grafana's JSON",
    ),
    "same bytes": ("README", "committed, and byte for byte the same on every machine"),
    "starting point": ("README", "create a small working project"),
    "mistakes": ("tutorial", "is an error: nothing is written, and the exit code is 1"),
    "row": ("tutorial", "the panel fills the row, because it is the only one"),
    "shares": ("tutorial", "The three panels now share the row: 8 of 24 columns each"),
}
EXIT_CHANGED = 4
DASHBOARD = "kind: Dashboard\nuid: d\ntitle: D\npanels:\n"
SOURCE = 'kind: DataSources\ndatasources: {prometheus: {url: "http://prometheus:9090", default: true}}\n'
CONTRACT = """\
kind: Metrics
metrics:
  http_request_duration_seconds: {type: histogram, help: Time to answer., labels: {route: {max: 9}}}
"""
ALERT = """\
kind: AlertRules
group: g
folder: F
rules:
  - alert: Many
    query: sum(queue_depth)
    when: above 5
    severity: critical
    summary: many
    panel: d/queue
    tests: [{name: fires, series: {queue_depth: 9x9}, fires_at: 5m}]
"""


def proves(*names: str) -> pytest.MarkDecorator:
    """The promises that a test proves."""
    return pytest.mark.proves(*names)


def project(folder: Path, **specs: str) -> Path:
    """A project with a data source and these specs."""
    (folder / "specs").mkdir()
    (folder / "dashgen.yaml").write_text("specs: [specs]\n")
    for name, text in {"sources": SOURCE, **specs}.items():
        (folder / "specs" / f"{name}.yaml").write_text(text)
    return folder


def panel(text: str) -> str:
    """A dashboard with one panel."""
    return DASHBOARD + "".join(
        f"  {'- ' if number == 0 else '  '}{line}\n" for number, line in enumerate(text.splitlines())
    )
