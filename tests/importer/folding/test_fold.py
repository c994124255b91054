"""Whole dashboards: components for panels in several places, and nothing that builds to something else."""

from pathlib import Path
from typing import Any

import pytest

from dashgen.importer.import_dashboard import Importer
from dashgen.source.load import load_text
from tests.importer.support import SOURCES, dashboard, imported, importer_for, rebuilt, small_project, spec_of

OVERRIDES = [
    {"matcher": {"id": "byName", "options": name}, "properties": [{"id": "color", "value": {"mode": "fixed", "fixedColor": color}}]}
    for name, color in (("1xx", "blue"), ("2xx", "green"), ("3xx", "purple"), ("4xx", "yellow"), ("5xx", "red"))
]  # fmt: skip


def _panel(job: str, row: int, column: int = 0) -> dict[str, Any]:
    return {
        "type": "timeseries", "title": f"Requests of {job}", "gridPos": {"x": 12 * column, "y": row, "w": 12, "h": 8},
        "datasource": {"type": "prometheus", "uid": "prometheus"}, "fieldConfig": {"defaults": {"unit": "reqps", "min": 0}, "overrides": OVERRIDES},
        "targets": [{"refId": "A", "expr": f'sum by (status) (rate(requests_total{{job="{job}"}}[5m]))', "legendFormat": "{{status}}"}],
    }  # fmt: skip


def _rows(*jobs: str, alike: bool = False) -> list[dict[str, Any]]:
    """A row for each job, with a panel that is alike in all, and another one in every second row or in all."""
    result: list[dict[str, Any]] = []
    for number, job in enumerate(jobs):
        top = number * 9
        header = {"type": "row", "title": job, "gridPos": {"x": 0, "y": top, "w": 24, "h": 1}, "panels": []}
        other = {**_panel(job, top + 1, 1), "title": f"Plain {job}", "fieldConfig": {}}
        result += [header, _panel(job, top + 1), *([other] if alike or number % 2 else [])]
    return result  # fmt: skip


@pytest.fixture
def importer(tmp_path: Path) -> Importer:
    return importer_for(small_project(tmp_path))


def test_panels_of_one_shape_in_several_rows_use_a_component(tmp_path: Path, importer: Importer) -> None:
    file = imported(dashboard(*_rows("api", "web", "db", "bot")), tmp_path, importer)
    components, spec = (document.data for document in load_text("x.yaml", file.text).documents)
    [(name, component)] = components["components"].items()
    assert name == "x-timeseries"
    assert component["params"] == {"job": "string"}
    assert component["panel"]["title"] == "Requests of ${{ job }}"
    assert spec["rows"][1]["panels"][0] == {"use": name, "with": {"job": "web"}}
    assert file.imported.differences == []


def test_dashboards_of_one_run_have_components_of_different_names(tmp_path: Path, importer: Importer) -> None:
    names = []
    for _ in range(3):
        file = imported(dashboard(*_rows("api", "web", "db", "bot")), tmp_path, importer)
        components, spec = (document.data for document in load_text("x.yaml", file.text).documents)
        names += list(components["components"])
        assert spec["rows"][1]["panels"][0]["use"] == names[-1]
        assert file.imported.differences == []
    assert names == ["x-timeseries", "x-timeseries-2", "x-timeseries-3"]


def test_panels_of_one_shape_beside_each_other_are_a_loop(tmp_path: Path, importer: Importer) -> None:
    jobs = ["api", "web", "db", "bot"]
    panels = [_panel(job, 8 * (number // 2), number % 2) for number, job in enumerate(jobs)]
    panels += [{**_panel("x", 16, n), "title": "Plain", "fieldConfig": {}} for n in range(2)]
    file = imported(dashboard(*panels), tmp_path, importer)
    assert spec_of(file)["panels"][0]["for_each"] == {"job": jobs}
    assert [panel["title"] for panel in rebuilt(file, importer)["panels"]] == [
        *(f"Requests of {job}" for job in jobs),
        "Plain",
        "Plain",
    ]


def test_rows_of_one_shape_are_a_loop(tmp_path: Path, importer: Importer) -> None:
    rows = _rows("api", "web", "db", alike=True)
    file = imported(dashboard(*rows), tmp_path, importer)
    [row] = spec_of(file)["rows"]
    assert row["for_each"] == {"job": ["api", "web", "db"]}
    assert row["title"] == "${{ job }}"
    assert [row["title"] for row in rebuilt(file, importer)["panels"] if row["type"] == "row"] == [
        "api",
        "web",
        "db",
    ]


def test_the_queries_of_one_panel_that_differ_in_a_word_are_its_loop(
    tmp_path: Path, importer: Importer
) -> None:
    panel = _panel("api", 0)
    panel["targets"] = [
        {"refId": ref, "expr": f"histogram_quantile({q}, sum by (le) (\n  rate(latency_bucket[5m])\n))", "legendFormat": f"at {q}"}
        for ref, q in (("A", "0.5"), ("B", "0.95"), ("C", "0.99"))
    ]  # fmt: skip
    [result] = spec_of(imported(dashboard(panel), tmp_path, importer))["panels"]
    assert result["for_each"] == {"quantile": [0.5, 0.95, 0.99]}
    assert result["legend"] == "at ${{ quantile }}"


def test_texts_that_look_like_expressions_stay_texts_when_they_are_folded(
    tmp_path: Path, importer: Importer
) -> None:
    panels = [
        {**_panel(f"${{{{ {job} }}}}", 8 * n), "description": "${{ a }}"} for n, job in enumerate("abcd")
    ]
    file = imported(dashboard(*panels), tmp_path, importer)
    assert file.imported.differences == []
    assert [panel["title"] for panel in rebuilt(file, importer)["panels"]] == [
        panel["title"] for panel in panels
    ]


def test_a_component_takes_no_name_that_the_project_has(tmp_path: Path) -> None:
    taken = "kind: Components\ncomponents: {x-timeseries: {panel: {title: T}}}\n---\n"
    importer = importer_for(small_project(tmp_path, taken + SOURCES))
    file = imported(dashboard(*_rows("api", "web", "db", "bot")), tmp_path, importer)
    assert "x-timeseries-2:" in file.text


def test_without_folding_every_panel_is_written_out(tmp_path: Path) -> None:
    importer = importer_for(small_project(tmp_path), fold=False)
    file = imported(dashboard(*_rows("api", "web", "db", "bot")), tmp_path, importer)
    assert not {"for_each", "use:", "defaults:"} & set(file.text.replace(":", ": ").split())
    assert file.text.count("Requests of") == 4
    assert file.imported.differences == []
