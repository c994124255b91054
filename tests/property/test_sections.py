"""Any dashboard with rows and tabs is the same dashboard in the classic form and in schema v2."""

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings

from dashgen.check.check_tree import validate_paths
from dashgen.compile.outputs.dashboard_forms import written_dashboard
from dashgen.compile.pipeline import CompileRequest, compile_project
from dashgen.compile.settled_json import dashboard_json
from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.formats.v2 import extended_dashboard, v2_spec
from dashgen.workspace.workspace import open_workspace
from tests.project.project import SOURCES
from tests.property.made_up_sections import sectioned_dashboards, wrong_sections
from tests.property.strategies import as_yaml
from tests.property.test_no_spec_breaks_it import check_findings
from tests.settle.settling import settled, texts

Json = dict[str, Any]
MANY = settings(max_examples=60, suppress_health_check=list(HealthCheck))


def built(spec: Json) -> Json:
    """The extended classic form of a spec that has no mistakes."""
    body = {key: value for key, value in spec.items() if key not in ("kind", "uid", "title")}
    dashboard, problems = settled(_yaml(body))
    assert texts([one for one in problems if one.severity is not Severity.INFO]) == []
    return dashboard_json(dashboard)


def _yaml(body: Json) -> str:
    """The keys of a mapping as lines of YAML, whose values are JSON."""
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in body.items())


def drawn(panels: list[Json]) -> dict[int, tuple[str, str, list[str]]]:
    """Title, type and queries of each panel by its id."""
    every = [one for panel in panels for one in (panel, *panel.get("panels", []))]
    return {
        panel["id"]: (panel["title"], panel["type"], [target["expr"] for target in panel.get("targets", [])])
        for panel in every
        if panel["type"] != "row"
    }


def validated(data: Json) -> list[Diagnostic]:
    """What `dashgen validate` finds in a file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "d.json"
        file.write_text(json.dumps(data), encoding="utf-8")
        return validate_paths([file], show=str)


@MANY
@given(spec=sectioned_dashboards())
def test_both_forms_have_the_same_panels_with_the_same_ids_and_queries(spec: Json) -> None:
    extended = built(spec)
    classic, v2 = written_dashboard(extended, "classic"), written_dashboard(extended, "v2")
    assert drawn(classic["panels"]) == drawn(extended["panels"])
    assert drawn(extended_dashboard(v2["spec"], "d").dashboard["panels"]) == drawn(extended["panels"])
    assert '"dynamic"' not in json.dumps(classic)


@MANY
@given(spec=sectioned_dashboards())
def test_both_forms_are_valid(spec: Json) -> None:
    extended = built(spec)
    for form in ("classic", "v2"):
        findings = [
            one for one in validated(written_dashboard(extended, form)) if one.rule != "resource/version"
        ]
        assert texts(findings) == []


@MANY
@given(spec=sectioned_dashboards())
def test_what_is_read_from_schema_v2_is_written_as_it_was(spec: Json) -> None:
    once = v2_spec(built(spec))
    assert v2_spec(extended_dashboard(once, "d").dashboard) == once


@MANY
@given(spec=sectioned_dashboards())
def test_panels_of_the_classic_form_neither_overlap_nor_leave_the_grid(spec: Json) -> None:
    classic = written_dashboard(built(spec), "classic")
    taken: set[tuple[int, int]] = set()
    for panel in classic["panels"]:
        if panel["type"] == "row" and panel.get("collapsed"):
            continue
        grid = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(grid["x"], grid["x"] + grid["w"])
            for y in range(grid["y"], grid["y"] + grid["h"])
        }
        assert all(0 <= x < 24 for x, _ in cells)
        assert not taken & cells
        taken |= cells


@MANY
@given(spec=wrong_sections())
def test_no_mistake_in_sections_makes_anything_but_findings_or_files(spec: Json) -> None:
    for form in ("classic", "v2"):
        with tempfile.TemporaryDirectory() as folder:
            project = Path(folder)
            (project / "specs").mkdir()
            (project / "dashgen.yaml").write_text("grafana: '13.3'\n", encoding="utf-8")
            (project / "specs/sources.yaml").write_text(SOURCES, encoding="utf-8")
            (project / "specs/main.yaml").write_text(as_yaml([spec]), encoding="utf-8")
            workspace = open_workspace(project)
            made = compile_project(workspace, workspace.spec_files(), CompileRequest(form, processes=1))
            check_findings(made.diagnostics, project)
            made.close()
