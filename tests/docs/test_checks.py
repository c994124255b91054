"""The table of `docs/checks.md`: which command finds which mistake."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.transcript import run_command
from tests.docs.examples import ROOT
from tests.docs.promises import ALERT, SOURCE, panel
from tests.grafana.fake import FakeGrafana
from tests.telemetry.running import scripted

PAGE = (ROOT / "docs/checks.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("## Which command finds what")[2].partition("\n## ")[0]
COMMANDS = ("specs", "files", "test", "live")
EXPECTED = {
    cells[0]: dict(zip(COMMANDS, cells[1:], strict=True))
    for line in re.findall(r"^\| (.*) \|$", TABLE, re.MULTILINE)[1:]
    for cells in [line.split(" | ")]
}
SOUND = {
    "dashgen.yaml": "specs: [specs]\n",
    "specs/sources.yaml": SOURCE,
    "specs/metrics.yaml": "kind: Metrics\nmetrics: {queue_depth: {type: gauge, help: Waiting.}}\n",
    "specs/d.yaml": panel("title: Queue\nquery: sum(queue_depth)"),
    "specs/a.yaml": ALERT.replace("severity: critical\n", "severity: critical\n    for: 2m\n"),
    "specs/n.yaml": "kind: Notifications\ncontact_points: {ops: {email: ops@example.com}}\npolicies: {contact_point: ops}\n",
}
Change = tuple[str, str, str]
# What makes the sound project wrong: in a file, one text for another. The second is the same mistake in files: a pattern of the
# path below the output, and one text for another there.
MISTAKES: dict[str, tuple[Change, Change | None]] = {
    "an unknown key": (("specs/d.yaml", "query:", "qery: 1\n    query:"), None),
    "a value of the wrong type": (("specs/d.yaml", "query:", "width: wide\n    query:"), None),
    "a query of a panel that does not parse": (
        ("specs/d.yaml", "sum(queue_depth)", "sum(queue_depth"),
        ("dashboards/d.json", "sum(queue_depth)", "sum(queue_depth"),
    ),
    "a query of an alert that does not parse": (
        ("specs/a.yaml", "sum(queue_depth)", "sum(queue_depth"),
        ("rules/prometheus/g.yaml", "sum(queue_depth)", "sum(queue_depth"),
    ),
    "a time that Grafana cannot read": (("specs/d.yaml", "panels:", "time: last 6 hours\npanels:"), None),
    "a metric that the contract does not have, in a panel or an alert": (
        ("specs/a.yaml", "query: sum(queue_depth)", "query: sum(queue_dept)"),
        ("rules/prometheus/g.yaml", "sum(queue_depth)", "sum(queue_dept)"),
    ),
    "a `$variable` that the dashboard does not have": (
        ("specs/d.yaml", "sum(queue_depth)", "sum(queue_depth{a='$b'})"),
        ("dashboards/d.json", "sum(queue_depth)", "sum(queue_depth{a='$b'})"),
    ),
    "a data source that does not exist": (
        ("specs/d.yaml", "query:", "datasource: prometheuss\n    query:"),
        ("dashboards/d.json", '"uid": "prometheus"', '"uid": "prometheuss"'),
    ),
    "two default data sources, with which Grafana does not start": (
        ("specs/sources.yaml", "}}", "}, loki: {url: 'http://l', default: true}}"),
        (
            "provisioning/datasources/dashgen.yaml",
            "datasources:",
            "datasources:\n  - {name: L, uid: l, type: loki, access: proxy, url: 'http://l', isDefault: true}",
        ),
    ),
    "a policy with a `group_interval` of zero, with which Grafana does not start": (
        ("specs/n.yaml", "contact_point: ops}", "contact_point: ops, group_interval: 0s}"),
        (
            "provisioning/alerting/policies.yaml",
            "receiver: ops",
            "receiver: ops\n    group_interval: 0s",
        ),
    ),
    "a template in a message that Grafana cannot read": (
        ("specs/a.yaml", "summary: many", "summary: '{{ $value '"),
        ("provisioning/alerting/rules.yaml", "summary: many", "summary: '{{ $value '"),
    ),
    "a secret in plain text": (
        (
            "specs/n.yaml",
            "{email: ops@example.com}",
            "{slack: {url: https://hooks.slack.com/services/T/B/x}}",
        ),
        None,
    ),
    "a mistake in the overlay of an environment": (
        ("specs/d.yaml", "panels:", "overlays: {prod: {refrsh: 1m}}\npanels:"),
        None,
    ),
    "an alert that does not fire when it should": (("specs/a.yaml", "above 5", "above 50"), None),
    "a correct query for data that no server has": (
        ("specs/d.yaml", "panels:", "time: 7d\npanels:"),
        None,
    ),
}


def _written(folder: Path, change: Change | None = None) -> Path:
    files = dict(SOUND)
    if "prod" in str(change):
        files["dashgen.yaml"] += "environments: {prod: {}}\n"
    for name, text in files.items():
        if change and name == change[0]:
            assert change[1] in text
            text = text.replace(change[1], change[2])  # noqa: PLW2901  # the file with the mistake
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def _severity(printed: str) -> str:
    found = {
        match[1]
        for match in re.finditer(r'^(error|warning)\[|"severity": "(?:error|warning)"', printed, re.MULTILINE)
    }
    return "error" if "error" in found else "warning" if "warning" in found else "–"


def _specs(folder: Path, change: Change, _: Change | None) -> set[str]:
    """What each command that compiles specs finds; all have to agree."""
    _written(folder, change)
    with FakeGrafana() as grafana:
        environment = {"GRAFANA_URL": grafana.url, "GRAFANA_TOKEN": grafana.admin_token}
        commands = (["validate"], ["push", "--dry-run"], ["diff"], ["build", "--check"], ["build"])
        ended = [run_command(words, folder, environment) for words in commands]
    found = [_severity(end.stdout + end.stderr) for end in ended]
    # Warnings are no part of what `diff` shows.
    return {
        severity
        for words, severity in zip(commands, found, strict=True)
        if words != ["diff"] or severity == "error"
    }


def _files(folder: Path, _: Change, change: Change | None) -> set[str]:
    if change is None:
        return {"–"}
    assert run_command(["build"], _written(folder), {}).code == 0
    (path,) = (folder / "generated").glob(change[0])
    text = path.read_text(encoding="utf-8")
    assert change[1] in text
    path.write_text(text.replace(change[1], change[2]), encoding="utf-8")
    (folder / "generated/dashgen.lock.json").unlink()
    return {_severity(run_command(["validate", "generated"], folder, {}).stdout)}


def _test(folder: Path, change: Change, _: Change | None) -> set[str]:
    ended = run_command(["test"], _written(folder, change), {})
    return {"error" if "error[test/" in ended.stderr else "–"}


def _live(folder: Path, change: Change, _: Change | None) -> set[str]:
    empty = {"status": "success", "data": {"resultType": "matrix", "result": []}}
    answers: dict[str, Any] = {
        "/-/ready": (200, b"Ready\n"),
        "/api/v1/query_range": empty,
        "/api/v1/query": {"status": "success", "data": {"resultType": "vector", "result": []}},
        "/api/v1/series": {"status": "success", "data": []},
        "/api/v1/labels": {"status": "success", "data": []},
        "/api/v1/label/__name__/values": {"status": "success", "data": ["up"]},
    }
    _written(folder, change)
    with scripted(answers) as server:
        ended = run_command(["check", "--live", "--prometheus", server.url], folder, {})
    return {"error" if "error[live/" in ended.stdout else "–"}


RUN: dict[str, Callable[[Path, Change, Change | None], set[str]]] = {
    "specs": _specs,
    "files": _files,
    "test": _test,
    "live": _live,
}
# The last two columns are about what is sound in the specs; what is not there is no news from them.
CASES = [
    (name, command)
    for name, expected in EXPECTED.items()
    for command in COMMANDS
    if command in ("specs", "files") or expected["specs"] == "–"
]


def test_every_row_of_the_table_has_its_mistake() -> None:
    assert list(EXPECTED) == list(MISTAKES)


@pytest.mark.parametrize("command", ["specs", "test"])
def test_nothing_is_wrong_with_the_project_before(command: str, tmp_path: Path) -> None:
    if command == "test" and shutil.which("promtool") is None:
        pytest.skip("promtool is missing, so the tests of alerts were not run")
    nothing = ("specs/d.yaml", "Queue", "Queue")
    assert RUN[command](tmp_path, nothing, None) == {"–"}


@pytest.mark.parametrize(("name", "command"), CASES)
def test_a_mistake_is_found_by_the_commands_that_the_table_names(
    name: str, command: str, tmp_path: Path
) -> None:
    if command == "test" and shutil.which("promtool") is None:
        pytest.skip("promtool is missing, so the tests of alerts were not run")
    expected = EXPECTED[name][command]
    if command == "live" and expected == "–":
        pytest.skip("an alert is no panel")
    assert RUN[command](tmp_path, *MISTAKES[name]) == {expected}
