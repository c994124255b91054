"""Rule tests are run by promtool, and each failure is a finding at its line."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from dashgen.core.errors import DashgenError
from dashgen.project.rule_tests.promtool import Failure, find_promtool, read_failures, run_tests
from dashgen.project.rule_tests.run_tests import Programs, TestReport, run_rule_tests
from tests.alert_support import group_with, pointed_at, settled
from tests.conftest import Promtool

FIRES_LATE = """
- alert: Down
  query: up
  when: below 1
  for: 5m
  tests:
    - {name: fires when it is down, series: {'up{job="a"}': 1 0x20}, silent_at: 2m, fires_at: 4m}
"""


@pytest.fixture
def program(promtool: Promtool) -> Path:
    """The promtool of the machine; skips where there is none."""
    del promtool
    return Path(shutil.which("promtool") or "")


def run(text: str, program: Path | None, *names: str) -> TestReport:
    groups, problems = settled(text)
    assert problems == []
    return run_rule_tests(groups, names, Programs(program))


@pytest.mark.external
def test_a_failure_is_at_its_moment_in_the_spec_and_says_when_the_alert_fires(program: Path) -> None:
    text = group_with(FIRES_LATE)
    report = run(text, program)
    (finding,) = report.diagnostics
    assert finding.rule == "test/failed"
    assert finding.message == "`Down` does not fire at 4m in the test `fires when it is down`"
    assert finding.hint == "it fires from 6m on"
    assert pointed_at(text, finding) == "4m"
    assert (report.alerts, report.tests, report.checks, report.failed) == (1, 1, 2, 1)


@pytest.mark.external
def test_an_alert_that_fires_too_early_fails_at_the_silent_moment(program: Path) -> None:
    text = group_with(FIRES_LATE.replace("silent_at: 2m, fires_at: 4m", "silent_at: [2m, 6m], fires_at: 7m"))
    report = run(text, program)
    assert [finding.message for finding in report.diagnostics] == [
        "`Down` fires at 6m in the test `fires when it is down`"
    ]
    assert pointed_at(text, report.diagnostics[0]) == "6m"


@pytest.mark.external
def test_tests_that_hold_give_no_finding(program: Path) -> None:
    report = run(group_with(FIRES_LATE.replace("fires_at: 4m", "fires_at: 6m")), program)
    assert (report.diagnostics, report.tests, report.failed) == ([], 1, 0)


@pytest.mark.external
def test_two_tests_with_one_name_are_told_apart(program: Path) -> None:
    rule = """
- alert: Down
  query: up
  when: below 1
  tests:
    - {name: same, series: {up: 0x20}, fires_at: 4m}
    - {name: same, series: {up: 1x20}, fires_at: 4m}
"""
    text = group_with(rule)
    (finding,) = run(text, program).diagnostics
    assert finding.location is not None
    assert finding.location.span is not None
    assert "1x20" in text.split("\n")[finding.location.span.line - 1]


@pytest.mark.external
def test_metrics_that_other_groups_record_are_there(program: Path) -> None:
    recording = (
        "kind: AlertRules\ngroup: recorded\ninterval: 1m\n"
        "rules: [{record: 'job:down:count', query: count by (job) (up == 0)}]\n---\n"
    )
    rule = """
- alert: ManyDown
  query: job:down:count
  when: above 1
  tests:
    - {name: two of three, series: {'up{job="a",i="1"}': 0x9, 'up{job="a",i="2"}': 0x9}, fires_at: 5m}
    - {name: one of three, series: {'up{job="a",i="1"}': 0x9, 'up{job="a",i="2"}': 1x9}, silent_at: 5m}
"""
    report = run(recording + group_with(rule), program)
    assert (report.diagnostics, report.tests) == ([], 2)


@pytest.mark.external
def test_only_the_named_alerts_and_groups_are_tested(program: Path) -> None:
    other = FIRES_LATE.replace("alert: Down", "alert: Other")
    assert run(group_with(FIRES_LATE + other), program, "Other").alerts == 1
    assert run(group_with(FIRES_LATE + other), program, "test").alerts == 2


@pytest.mark.external
def test_alerts_without_a_test_are_named(program: Path) -> None:
    assert run(group_with("- {alert: Bare, query: up, when: below 1}"), program).untested == ["Bare"]


def test_failures_are_read_from_the_output_of_promtool_2_and_3() -> None:
    old = '  FAILED:\n    expr: "a{b=\\"c\\"} # x", time: 1m30s,\n        exp: {} 1E+00\n        got: {} 0E+00\n'
    new = '  FAILED:\n    name: x,\n    expr: "a{b=\\"c\\"} # x", time: 1m30s, \n        exp: {} 1E+00\n        got: nil\n'
    assert read_failures(old) == read_failures(new) == [Failure('a{b="c"} # x', "1m30s")]


def _program(folder: Path, text: str) -> Path:
    path = folder / "promtool"
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_what_promtool_refuses_for_another_reason_is_a_finding_with_its_output(tmp_path: Path) -> None:
    program = _program(tmp_path, "echo 'boom: a reason' >&2; exit 1")
    finding = run(group_with(FIRES_LATE), program).diagnostics[0]
    assert finding.rule == "test/refused"
    assert "boom: a reason" in finding.message


def test_without_promtool_what_grafana_evaluates_is_tested(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("PROMTOOL", raising=False)
    assert find_promtool() is None
    report = run(group_with(FIRES_LATE), None)
    assert report.needs_promtool
    assert [finding.message for finding in report.diagnostics] == [
        "`Down` does not fire at 4m in Grafana in the test `fires when it is down`"
    ]
    assert report.diagnostics[0].hint == "it fires from 6m on"


def test_a_promtool_that_is_named_and_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DashgenError, match="comes with Prometheus"):
        find_promtool(tmp_path / "none")


def test_the_named_promtool_goes_before_the_environment_and_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("named", "environment", "path"):
        (tmp_path / name).mkdir()
        _program(tmp_path / name, "exit 0")
    monkeypatch.setenv("PATH", f"{tmp_path / 'path'}{os.pathsep}{os.environ['PATH']}")
    assert find_promtool() == tmp_path / "path/promtool"
    monkeypatch.setenv("PROMTOOL", str(tmp_path / "environment/promtool"))
    assert find_promtool() == tmp_path / "environment/promtool"
    assert find_promtool(tmp_path / "named/promtool") == tmp_path / "named/promtool"


def test_a_program_that_cannot_be_started_is_an_error_with_its_reason(tmp_path: Path) -> None:
    program = tmp_path / "promtool"
    program.write_bytes(b"\x00\x01 not a program")
    program.chmod(0o755)
    (tmp_path / "t.yaml").write_text("", encoding="utf-8")
    with pytest.raises(DashgenError, match="cannot run"):
        run_tests(program, tmp_path / "t.yaml")
