"""The reference documentation: current, complete, and without dead links."""

import re
from pathlib import Path

import pytest

from dashgen.cli.describe import commands
from dashgen.language.schema import DOCUMENTS
from dashgen.lowering.panels import panel_types
from dashgen.model.variable import VARIABLE_TYPES
from dashgen.reference.__main__ import FOLDER, main
from dashgen.reference.pages import page_name, reference_pages

ROOT = Path(__file__).parents[2]
PAGES = reference_pages()


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_committed_pages_are_current(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    code = main(["--check"])
    assert code == 0, capsys.readouterr().out + "run `python -m dashgen.reference` and commit the result"


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
        text = PAGES[name or page]
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
