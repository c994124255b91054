"""Dashboards with tabs, arranged panels and conditions in each form of file."""

import json
from pathlib import Path
from typing import Any

import pytest

from dashgen.core.diagnostics import Severity
from dashgen.formats.v2 import extended_dashboard
from dashgen.project.inspection import inspect_project
from dashgen.project.rule_tests.tested_project import compile_environments
from tests import golden
from tests.project.project import SOURCES, Project

GOLDEN = Path(__file__).parent / "recorded" / "forms"
COMPONENTS = """\
kind: Components
components:
  latency-tab:
    params: {tool: string}
    tab:
      title: Latency of ${{ tool }}
      show_when: {variable: tier, equals: pro}
      rows:
        - use: latency-row
          with: {tool: "${{ tool }}"}
  latency-row:
    params: {tool: string}
    row:
      title: Percentiles
      panels:
        - for_each: {q: ["0.5", "0.95"]}
          title: P${{ q }}
          query: histogram_quantile(${{ q }}, sum by (le) (rate(seconds_bucket{tool="${{ tool }}"}[5m])))
"""
DASHBOARD = """\
kind: Dashboard
uid: shop
title: Shop
description: All of it.
variables:
  - {name: tier, type: custom, multi: true, values: [free, pro]}
  - {name: debug, type: switch}
defaults:
  panel: {unit: short}
overlays:
  prod: {time: 1h}
tabs:
  - title: Overview
    layout: {columns: 2, row_height: short}
    panels:
      - {title: Queries, query: sum(up), subtitle: all tiers, hide_when: {has_data: false}}
      - {title: Errors, query: sum(down), time_compare: 1d, color: palette-colorblind}
      - {title: Costs, query: sum(cost), color: {start: blue, end: red}}
  - use: latency-tab
    with: {tool: search}
    for_each: [1]
  - title: Details
    repeat: tier
    hide_when: {any: [{time_range: 7d}, {variable: debug, equals: 'false'}]}
    variables: [{name: quantile, type: custom, values: ["0.95", "0.99"]}]
    panels: [{title: Loose, query: "up * $quantile"}]
    rows:
      - {title: Folded, collapsed: true, panels: [{title: Slowest, type: table, query: "topk(3, up)"}]}
      - {title: High, fill_screen: true, hide_header: true, panels: [{title: Notes, type: text, content: Hello}]}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with one dashboard that uses every word of schema v2 that the classic form can do without."""
    made = Project(tmp_path)
    made.write("dashgen.yaml", "grafana: '13.3'\nenvironments: {prod: {}}\n")
    made.write("specs/sources.yaml", SOURCES)
    made.write("specs/components.yaml", COMPONENTS)
    made.write("specs/shop.yaml", DASHBOARD)
    return made


def file_of(project: Project, form: str, path: str = "dashboards/shop.json", **options: Any) -> Any:
    report = project.build(form=form, **options)
    assert not report.failed, report.diagnostics
    return json.loads((project.output / path).read_text("utf-8"))


def drawn(dashboard: Any) -> dict[int, tuple[str, str, list[str]]]:
    """Title, type and queries of each panel of classic JSON by its id."""
    panels = [one for panel in dashboard["panels"] for one in (panel, *panel.get("panels", []))]
    return {
        panel["id"]: (panel["title"], panel["type"], [target["expr"] for target in panel.get("targets", [])])
        for panel in panels
        if panel["type"] != "row"
    }


@pytest.mark.parametrize("form", ["classic", "v2"])
def test_each_form_is_as_it_was_recorded(project: Project, form: str) -> None:
    text = json.dumps(file_of(project, form), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    golden.check(GOLDEN / f"{form}.json", text)


def test_all_forms_have_the_same_panels_with_the_same_ids_and_queries(project: Project) -> None:
    classic, envelope, v2 = (file_of(project, form) for form in ("classic", "v1beta1", "v2"))
    assert envelope["apiVersion"] == "dashboard.grafana.app/v1beta1"
    assert v2["apiVersion"] == "dashboard.grafana.app/v2"
    assert (v2["kind"], v2["metadata"]) == ("Dashboard", {"name": "shop"})
    assert len(drawn(classic)) == 8
    assert drawn(envelope["spec"]) == drawn(classic)
    assert drawn(extended_dashboard(v2["spec"], "shop").dashboard) == drawn(classic)


def test_panels_above_the_rows_of_a_tab_stand_directly_below_its_header_in_the_classic_form(
    project: Project,
) -> None:
    panels = file_of(project, "classic")["panels"]
    titles = [panel["title"] for panel in panels if panel["type"] == "row"]
    assert titles == ["Overview", "Latency of search", "Percentiles", "Details", "Folded", "High"]
    assert [panel["title"] for panel in panels][8:10] == ["Details", "Loose"]


def test_nothing_of_dynamic_is_in_a_file(project: Project) -> None:
    for form in ("classic", "v1beta1", "v2"):
        file_of(project, form)
        assert b'"dynamic"' not in (project.output / "dashboards/shop.json").read_bytes()


def test_each_kind_of_loss_is_one_finding_at_its_first_word(project: Project) -> None:
    report = project.build(form="classic")
    losses = [
        (one.severity.value, one.location.span.line if one.location and one.location.span else 0, one.message)
        for one in report.diagnostics
        if one.rule == "layout/lost"
    ]
    assert sorted(losses, key=lambda loss: (loss[1], loss[2])) == [
        ("info", 13, "3 tabs become rows in the classic form, one below the other"),
        ("info", 14, "the classic form gives the panels of this layout fixed places"),
        ("warning", 16, "the classic form has no conditions: this and 2 more are always shown"),
        ("info", 16, "the classic form has no subtitles"),
        ("info", 25, "in the classic form the variable is one of the whole dashboard"),
        ("info", 29, "the classic form shows 2 rows like this with their headers, as high as their panels"),
    ]
    assert [one.rule for one in project.build(form="v2").diagnostics if "layout" in one.rule] == []


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("unit: short", "thresholds: {green: 0, red: {value: $tier, fallback: 80}}", 9, "in the classic form this threshold would stay at 80, whatever `$tier` is"),
        ("name: quantile, type: custom, values", "name: tier, type: custom, values", 25, "there is another variable `tier`, and in the classic form both would be one"),
    ],
)  # fmt: skip
def test_what_would_mean_something_else_is_an_error_in_the_classic_form_only(
    project: Project, old: str, new: str, line: int, message: str
) -> None:
    spec = DASHBOARD.replace(old, new)
    if "quantile" in old:
        spec = spec.replace("up * $quantile", "up * $tier").replace("    repeat: tier\n", "")
        line -= 1
    project.write("specs/shop.yaml", spec)
    classic = project.build(form="classic")
    errors = [one for one in classic.diagnostics if one.severity.value == "error"]
    assert classic.failed
    assert {(one.rule, one.message) for one in errors} == {("layout/needs-v2", message)}
    assert all("format: v2" in one.hint for one in errors)
    assert errors[0].location is not None
    assert errors[0].location.span is not None
    assert errors[0].location.span.line == line
    assert not project.build(form="v2").failed


def test_two_sections_with_one_and_the_same_variable_share_it_in_the_classic_form(project: Project) -> None:
    variables = '    variables: [{name: quantile, type: custom, values: ["0.95", "0.99"]}]\n'
    spec = DASHBOARD.replace("  - title: Overview\n", f"  - title: Overview\n{variables}")
    project.write("specs/shop.yaml", spec)
    names = [one["name"] for one in file_of(project, "classic")["templating"]["list"]]
    assert names == ["tier", "debug", "quantile"]


def test_files_for_git_sync_and_the_sidecar_are_of_the_form_of_the_project(project: Project) -> None:
    synced = file_of(project, "v2", "git-sync/shop.json", layouts=("git-sync", "sidecar"))
    assert synced["apiVersion"] == "dashboard.grafana.app/v2"
    assert synced["spec"]["layout"]["kind"] == "TabsLayout"
    config_map = (project.output / "kubernetes/sidecar/dashboards/dashboard-shop.yaml").read_text("utf-8")
    assert '"apiVersion": "dashboard.grafana.app/v2"' in config_map
    synced = file_of(project, "classic", "git-sync/shop.json", layouts=("git-sync", "sidecar"))
    assert synced["apiVersion"] == "dashboard.grafana.app/v1"
    assert "panels" in synced["spec"]


def test_the_operator_gets_the_classic_form_and_what_that_loses_is_said(project: Project) -> None:
    report = project.build(form="v2", layouts=("operator",))
    assert not report.failed
    assert {one.rule for one in report.diagnostics} == {"layout/lost"}
    manifest = (project.output / "kubernetes/operator/dashboards/shop.yaml").read_text("utf-8")
    assert '"panels"' in manifest
    assert "TabsLayout" not in manifest


def test_a_component_of_a_tab_that_is_used_elsewhere_is_reported(project: Project) -> None:
    use = "  - use: latency-tab\n    with: {tool: search}\n    for_each: [1]\n"
    project.write(
        "specs/shop.yaml",
        DASHBOARD.replace(use, "").replace(
            "    rows:\n", f"    rows:\n    {use.replace(chr(10), chr(10) + '    ').rstrip()}\n"
        ),
    )
    report = project.build(form="v2")
    assert report.failed
    assert any("latency-tab" in one.message and "tab" in one.message for one in report.diagnostics)


def test_what_is_wrong_in_a_tab_of_a_component_that_nobody_uses_is_reported(project: Project) -> None:
    wrong = "  unused:\n    tab: {title: X, colapsed: true, rows: [{title: R, panels: [{titel: P}]}]}\n"
    project.write("specs/components.yaml", COMPONENTS + wrong)
    report = project.build(form="v2")
    assert {one.message for one in report.diagnostics if one.rule == "spec/unknown-key"} == {
        "unknown key `colapsed`",
        "unknown key `titel`",
    }


def test_a_project_in_schema_v2_is_tested_and_explained_without_the_errors_of_the_classic_form(
    project: Project,
) -> None:
    project.write("dashgen.yaml", "grafana: '13.3'\nformat: v2\nenvironments: {prod: {}}\n")
    thresholds = "thresholds: {green: 0, red: {value: $tier, fallback: 80}}"
    project.write("specs/shop.yaml", DASHBOARD.replace("unit: short", thresholds))
    for compiled in compile_environments(project.root, None).values():
        assert [one for one in compiled.diagnostics if one.severity is Severity.ERROR] == []
    inspection = inspect_project(project.root)
    data = inspection.json_of(inspection.dashboards[0])
    assert data is not None
    assert "valueExpr" in str(data)
    assert inspection.diagnostics == []
