"""Queries are compared with the names of a running Prometheus, on request."""

from pathlib import Path

import pytest

from dashgen.cli.commands.lint_command import LintArguments, lint
from tests.lint.example_project import example_project
from tests.telemetry.running import scripted

SPEC = """\
kind: AlertRules
group: example
folder: Examples
rules:
  - {record: 'job:up:sum', query: sum by (job) (up)}
---
kind: Dashboard
title: Example
panels:
  - title: Recorded, gone and there
    queries: {recorded: 'job:up:sum', gone: sum(http_requets_total), there: sum(up)}
"""


def test_a_metric_that_is_gone_is_found_at_its_character(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = example_project(tmp_path, SPEC)
    answers = {
        "/api/v1/label/__name__/values": {"status": "success", "data": ["up", "http_requests_total"]},
        "/api/v1/labels": {"status": "success", "data": ["job"]},
    }
    with scripted(answers) as script:
        lint(LintArguments(project=root, select=["alert/*"], against_prometheus=script.url))
    out = capsys.readouterr().out
    assert "live/metric" in out
    assert "specs/example.yaml:11:49" in out
    assert "did you mean `http_requests_total`" in out
    assert "job:up:sum`" not in out
