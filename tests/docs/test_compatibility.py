"""docs/grafana-compatibility.md says of each cell how it is known, and names the source that the fake follows."""

import re
from typing import Final

import pytest

from tests.grafana.fake_sources import PAGE, named_sources, with_listing

VERSIONS: Final = ["10", "11", "12", "13.0–13.2", "13.3"]
KNOWN: Final = "(?:recorded|fake|documentation|not verified)"
CELL: Final = re.compile(rf"{KNOWN}(?:, {KNOWN})*|(?:no|refused|not used) \({KNOWN}(?:, {KNOWN})*\)")
TEXT: Final = PAGE.read_text(encoding="utf-8")


def tables() -> dict[str, list[list[str]]]:
    """The rows of the tables with a column for each version, by the heading above them."""
    found: dict[str, list[list[str]]] = {}
    heading, inside = "", False
    for line in TEXT.split("\n"):
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        heading = line.removeprefix("## ") if line.startswith("## ") else heading
        if cells[1:] == VERSIONS:
            inside, found[heading] = True, []
        elif not cells:
            inside = False
        elif inside and not set(line) <= set("|-"):
            found[heading].append(cells)
    return found


ROWS: Final = [row for rows in tables().values() for row in rows]


def test_there_is_a_table_for_each_subject_and_no_row_twice() -> None:
    assert [*tables()] == ["Dashboards", "Alerting", "Ownership and access", "Files", "Everything else"]
    names = [row[0] for row in ROWS]
    assert len(names) == len(set(names)) > 35


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_each_cell_uses_the_words_of_the_legend(row: list[str]) -> None:
    assert len(row) == 1 + len(VERSIONS)
    for cell in row[1:]:
        assert CELL.fullmatch(cell), cell


def test_the_legend_has_each_word() -> None:
    legend = TEXT.partition("## Dashboards")[0]
    assert re.findall(r"^- \*\*(.+?)\*\*:", legend, re.MULTILINE) == [
        "recorded", "fake", "documentation", "not verified", "no", "refused", "not used",
    ]  # fmt: skip


def test_recorded_is_only_what_was_recorded() -> None:
    # All recordings are of 12.4.3; one of another version is an occasion to change the page.
    for row in ROWS:
        assert [cell for cell in (*row[1:3], *row[4:]) if "recorded" in cell] == [], row[0]


def test_each_file_of_grafanas_source_that_the_fake_names_stands_there() -> None:
    assert len({source.path for source in named_sources()}) > 10
    assert with_listing(TEXT) == TEXT, "run `python -m tests.grafana.fake_sources`"
