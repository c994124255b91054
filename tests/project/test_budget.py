"""One budget for the expressions of a whole build: the same verdict however the build is made."""

from pathlib import Path

import pytest

from dashgen.compile import compile_files as compiling
from dashgen.compile import project_documents
from tests.project.project import Project, new_project

HEAVY = """\
kind: Dashboard
uid: d{number}
title: T{number}
vars: {{b: "${{{{ 'ab' * 400 }}}}"}}
panels: [{{for_each: {{i: "${{{{ range(20) }}}}"}}, title: "P${{{{ i }}}}", query: up, description: "${{{{ b | list | length }}}}"}}]
"""
WORK = 77_000
"""About what one such file takes."""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = new_project(tmp_path)
    for number in range(6):
        project.write(f"specs/heavy{number}.yaml", HEAVY.format(number=number))
    return project


def limit(monkeypatch: pytest.MonkeyPatch, work: int) -> None:
    for module in (compiling, project_documents):
        monkeypatch.setattr(module, "MAX_BUILD", work)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_build_whose_expressions_do_too_much_is_refused(
    project: Project, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    for share, failed in ((7, False), (5, True), (1, True)):
        limit(monkeypatch, share * WORK)
        report = project.build(processes=processes, use_cache=False, check=True)
        assert report.failed is failed, share
        assert ({one.rule for one in report.diagnostics} == {"expression/budget"}) is failed


def test_what_an_earlier_build_did_counts(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not project.build().failed
    limit(monkeypatch, 5 * WORK)
    project.dashboard("one", "Changed")
    assert {one.rule for one in project.build().diagnostics} == {"expression/budget"}


def test_a_loop_of_heavy_expressions_ends_with_a_finding(project: Project) -> None:
    text = HEAVY.format(number=9).replace("400", "20000").replace("range(20)", "range(9000)")
    project.write("specs/heavy9.yaml", text)
    report = project.build()
    assert {one.rule for one in report.diagnostics} == {"expression/error"}
    assert "do too much together" in report.diagnostics[0].message
    assert len(report.diagnostics) < 10
