"""No spec that can be parsed makes anything but findings or files."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from dashgen.compile.pipeline import Compilation, CompileRequest, compile_project
from dashgen.core.diagnostics import Diagnostic, has_errors
from dashgen.core.reporters import REPORTERS, reporter
from dashgen.core.reporters.report_context import ReportContext
from dashgen.workspace.workspace import open_workspace
from tests.property.strategies import SETTINGS, as_yaml, projects, real_documents

pytestmark = pytest.mark.property


_PROJECT = """\
environments: {prod: {}}
kubernetes:
  layouts: [prometheus-rules, sidecar, operator, git-sync]
  operator: {secret: credentials}
"""


def compiled(folder: Path, documents: Sequence[Any]) -> Compilation:
    """The documents compiled as the specs of a project: the dashboard in a file of its own."""
    (folder / "specs").mkdir()
    (folder / "dashgen.yaml").write_text(_PROJECT, encoding="utf-8")
    (folder / "specs" / "shared.yaml").write_text(as_yaml(documents[:-1]), encoding="utf-8")
    (folder / "specs" / "main.yaml").write_text(as_yaml(documents[-1:]), encoding="utf-8")
    workspace = open_workspace(folder)
    return compile_project(workspace, workspace.spec_files(), CompileRequest(processes=1))


def check_findings(found: Sequence[Diagnostic], folder: Path) -> None:
    """Every finding is complete and can be shown in every form."""
    for one in found:
        assert "/" in one.rule
        assert one.message
        assert not one.message.endswith(".")
        if one.location is not None and one.location.span is not None:
            lines = (folder / one.location.file).read_text(encoding="utf-8").split("\n")
            span = one.location.span
            assert 1 <= span.line <= len(lines)
            assert 1 <= span.column <= len(lines[span.line - 1]) + 1
    for form in REPORTERS:
        reporter(form)(found, ReportContext(lambda name: (folder / name).read_text(encoding="utf-8")))


def test_the_project_that_is_mutated_is_right(tmp_path: Path) -> None:
    made = compiled(tmp_path, list(real_documents()))
    made.close()
    assert [str(one) for one in made.diagnostics] == []
    assert len(made.records) > 5


@SETTINGS
@given(projects())
def test_mutated_specs_give_findings_or_files(documents: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = compiled(folder, documents)
        try:
            check_findings(made.diagnostics, folder)
            if not has_errors(made.diagnostics):
                assert all(made.content(path) for path in made.contents)
        finally:
            made.close()
