"""Grafana's own validation, asked before anything is written."""

import pytest

from tests.grafana.fake import FakeGrafana, Fault, FaultKind
from tests.sync.support import Project

BAD = """\
kind: Dashboard
uid: bad
title: Bad
panels:
  - title: Up
    query: up
    raw:
      gridPos: {x: left}
raw:
  refresh: 5
"""


@pytest.fixture
def refused(project):
    project.write("specs/bad.yaml", BAD)
    return project


@pytest.mark.parametrize("arguments", [(), ("--dry-run",)])
def test_what_grafana_would_refuse_is_said_at_the_spec_s_line_and_nothing_is_written(refused, arguments):
    done = refused.push(*arguments)
    assert done.code == 1
    assert refused.fake.log.writes == []
    assert (
        'error[grafana/invalid]: Grafana refuses dashboard `bad`: `gridPos.x` of the panel "Up"'
        in done.stderr
    )
    assert "specs/bad.yaml:7:5" in done.stderr
    assert "`refresh`" in done.stderr
    assert "specs/bad.yaml:10:" in done.stderr
    assert "nothing was pushed" in done.stderr
    requests = [call for call in refused.fake.log if call.query.get("dryRun")]
    assert len(requests) == 3
    assert all(call.query["fieldValidation"] == ["Strict"] for call in requests)


def test_only_what_is_to_be_written_is_asked_about(project, fake):
    project.start_pushed()
    project.change("specs/shop.yaml", "query: up", "query: up == 1")
    fake.log.clear()
    assert project.push().code == 0
    requests = [call.path.rpartition("/")[2] for call in fake.log if call.query.get("dryRun")]
    assert requests == ["plain"]
    fake.log.clear()
    assert project.run("diff", "--url", fake.url).code == 0
    assert not [call for call in fake.log if call.query.get("dryRun")]


@pytest.mark.parametrize("status", [403, 404, 500, 502])
def test_a_server_that_cannot_be_asked_is_pushed_to(project, fake, status):
    fake.fail(Fault(FaultKind.STATUS, status=status, method="POST", path="/dashboards$", times=2))
    done = project.push()
    assert done.code == 0, done.stderr
    assert sorted(fake.store.dashboards) == ["plain", "shop"]


def test_an_answer_about_no_place_is_said_of_the_dashboard(project, fake):
    body = {"kind": "Status", "reason": "Invalid", "message": "it is no dashboard", "code": 422}
    fake.fail(Fault(FaultKind.STATUS, status=422, body=body, method="POST", path="/dashboards$"))
    done = project.push()
    assert done.code == 1
    assert "it is no dashboard" in done.stderr
    assert "specs/shop.yaml" in done.stderr
    assert fake.log.writes == []


def test_a_grafana_without_that_api_is_not_asked(tmp_path):
    with FakeGrafana(version="11.5.0") as fake:
        assert Project(tmp_path, fake).push().code == 0
        assert not [call for call in fake.log if call.query.get("dryRun")]
