"""The reference documentation: current, complete, and without dead links."""

import json
import re
from pathlib import Path

import pytest

import dashgen
from dashgen.cli.reference.__main__ import FOLDER, main
from dashgen.cli.reference.command_texts import commands
from dashgen.cli.reference.pages import page_name, reference_pages
from dashgen.compile.lower.panels import panel_types
from dashgen.model.variable_spec import VARIABLE_TYPES
from dashgen.project.schema.json_schema import DOCUMENTS
from tests.cli.transcript import run_command

ROOT = Path(__file__).parents[2]
PAGES = reference_pages()


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_committed_pages_are_current(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    code = main(["--check"])
    assert code == 0, capsys.readouterr().out + "run `python -m dashgen.cli.reference` and commit the result"


def test_stale_and_superfluous_pages_are_found_and_written_anew(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main([]) == 0
    (tmp_path / FOLDER / "panels.md").write_text("old")
    (tmp_path / FOLDER / "gone.md").write_text("old")
    capsys.readouterr()
    assert main(["--check"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{FOLDER}/panels.md is not current",
        f"{FOLDER}/gone.md is not current",
    ]
    assert main([]) == 0
    assert main(["--check"]) == 0


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)]+)\)", PAGES[page]):
        name, _, anchor = target.partition("#")
        if name.startswith("http"):
            continue
        if name.startswith("../"):
            assert ((ROOT / FOLDER / page).parent / name).resolve().is_file(), target
            continue
        # A page in a folder names those beside it.
        folder = page.rpartition("/")[0]
        text = PAGES[f"{folder}/{name}".lstrip("/") if name else page]
        assert not anchor or anchor in anchors(text), target


@pytest.mark.parametrize("page", PAGES)
def test_tables_have_as_many_cells_in_each_line(page):
    for table in re.findall(r"(?:^\|.*\n)+", PAGES[page], re.MULTILINE):
        cells = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(cells) == 1, table.splitlines()[0]


def test_every_kind_type_and_command_has_its_section():
    assert {page_name(kind) for kind in DOCUMENTS} <= set(PAGES)
    assert {kind.lower() for kind in panel_types()} <= anchors(PAGES["panels.md"])
    assert set(VARIABLE_TYPES) <= anchors(PAGES["variables.md"])
    assert {command.name.replace(" ", "-") for command in commands()} <= anchors(PAGES["commands.md"])


def test_a_key_that_panel_types_share_is_described_once():
    text = PAGES["panels.md"]
    for key in ("legend_calcs", "axis_soft_min", "interpolation", "drill_down", "transformations"):
        assert len(re.findall(rf"^\| `{key}` \|", text, re.MULTILINE)) == 1, key
    assert text.count("`distinctCount`") == 1


_SOURCES = """\
kind: DataSources
datasources:
  prometheus: {url: "http://prometheus:9090", default: true}
  loki: {url: "http://loki:3100"}
  tempo: {url: "http://tempo:3200", service_map: prometheus}
  pyroscope: {type: grafana-pyroscope-datasource, url: "http://pyroscope:4040"}
"""


@pytest.mark.parametrize(
    "section", PAGES["panels.md"].split("\n## ")[1:], ids=lambda text: text.partition("\n")[0]
)
def test_the_panel_that_stands_at_a_type_builds_and_nothing_is_wrong_with_it(section, tmp_path):
    kind = section.partition("\n")[0]
    types = {"other plugins", *panel_types()}
    example = "".join(re.findall(r"^    (.*\n)", section, re.MULTILINE)) if kind in types else ""
    assert bool(example) is (kind in types)
    if not example:
        return
    (tmp_path / "specs").mkdir()
    (tmp_path / "dashgen.yaml").write_text("specs: [specs]\n")
    (tmp_path / "specs/sources.yaml").write_text(_SOURCES)
    head = "kind: Dashboard\nuid: d\ntitle: D\nvariables: [{name: trace_id, type: textbox}]\n"
    (tmp_path / "specs/d.yaml").write_text(head + example)
    report = dashgen.compile_project(tmp_path)
    assert [str(found) for found in report.diagnostics] == []
    built = json.loads((tmp_path / "generated/dashboards/d.json").read_text())["panels"][0]
    assert built.get("type", "library") == (kind if kind in panel_types() else "volkovlabs-echarts-panel")
    assert run_command(["validate", "--strict"], tmp_path, {}).code == 0
